//: title: {zh: "期限、关口：补写关系 BASED_ON（articles）", en: "Time limit or gate of the rulebook: relationships BASED_ON of column articles"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:TimeLimit {key: row.key})
MATCH (t:LegalArticle {key: row.target})
MERGE (n)-[r:BASED_ON]->(t)
SET r._batch = row._batch, r._row = row._row
