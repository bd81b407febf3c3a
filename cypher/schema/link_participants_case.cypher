//: title: {zh: "诉讼参与人：补写关系 TAKES_PART_IN（case）", en: "Participant in a case: relationships TAKES_PART_IN of column case"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Participant {key: row.key})
MATCH (t:Case {key: row.target})
MERGE (n)-[r:TAKES_PART_IN]->(t)
SET r._batch = row._batch, r._row = row._row
