//: title: {zh: "件（系统案件）：补写关系 PART_OF（matter）", en: "Case: one numbered file in the system: relationships PART_OF of column matter"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Case {key: row.key})
MATCH (t:Matter {key: row.target})
MERGE (n)-[r:PART_OF]->(t)
SET r._batch = row._batch, r._row = row._row
