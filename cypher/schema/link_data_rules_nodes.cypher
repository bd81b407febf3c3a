//: title: {zh: "数据规则：补写关系 WATCHES（nodes）", en: "Data rule: relationships WATCHES of column nodes"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:DataRule {key: row.key})
MATCH (t:ProcessNode {key: row.target})
MERGE (n)-[r:WATCHES]->(t)
SET r._batch = row._batch, r._row = row._row
