//: title: {zh: "期限、关口：补写关系 WATCHES（nodes）", en: "Time limit or gate of the rulebook: relationships WATCHES of column nodes"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:TimeLimit {key: row.key})
MATCH (t:ProcessNode {key: row.target})
MERGE (n)-[r:WATCHES]->(t)
SET r._batch = row._batch, r._row = row._row
