//: title: {zh: "涉案财物：补写关系 SEIZED_IN（case）", en: "Case-related property: relationships SEIZED_IN of column case"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Property {key: row.key})
MATCH (t:Case {key: row.target})
MERGE (n)-[r:SEIZED_IN]->(t)
SET r._batch = row._batch, r._row = row._row
