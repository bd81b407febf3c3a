//: title: {zh: "件（系统案件）：补写关系 HANDLED_BY（handler）", en: "Case: one numbered file in the system: relationships HANDLED_BY of column handler"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Case {key: row.key})
MATCH (t:Person {key: row.target})
MERGE (n)-[r:HANDLED_BY]->(t)
SET r._batch = row._batch, r._row = row._row
