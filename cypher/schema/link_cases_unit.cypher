//: title: {zh: "件（系统案件）：补写关系 HANDLED_AT（unit）", en: "Case: one numbered file in the system: relationships HANDLED_AT of column unit"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Case {key: row.key})
MATCH (t:Unit {key: row.target})
MERGE (n)-[r:HANDLED_AT]->(t)
SET r._batch = row._batch, r._row = row._row
