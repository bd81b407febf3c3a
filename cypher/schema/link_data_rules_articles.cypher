//: title: {zh: "数据规则：补写关系 BASED_ON（articles）", en: "Data rule: relationships BASED_ON of column articles"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:DataRule {key: row.key})
MATCH (t:LegalArticle {key: row.target})
MERGE (n)-[r:BASED_ON]->(t)
SET r._batch = row._batch, r._row = row._row
