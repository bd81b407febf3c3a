//: title: {zh: "处置：补写关系 BY（person）", en: "What a person decided on a problem: relationships BY of column person"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Disposition {key: row.key})
MATCH (t:Person {key: row.target})
MERGE (n)-[r:BY]->(t)
SET r._batch = row._batch, r._row = row._row
