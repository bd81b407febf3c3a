//: title: {zh: "件（系统案件）：补写关系 HANDLED_IN（department）", en: "Case: one numbered file in the system: relationships HANDLED_IN of column department"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Case {key: row.key})
MATCH (t:Department {key: row.target})
MERGE (n)-[r:HANDLED_IN]->(t)
SET r._batch = row._batch, r._row = row._row
