//: title: {zh: "质量评查：补写关系 BY（reviewer）", en: "Quality review of a case: relationships BY of column reviewer"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Review {key: row.key})
MATCH (t:Person {key: row.target})
MERGE (n)-[r:BY]->(t)
SET r._batch = row._batch, r._row = row._row
