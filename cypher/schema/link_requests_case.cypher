//: title: {zh: "申请：补写关系 MADE_IN（case）", en: "Request of a participant: relationships MADE_IN of column case"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Request {key: row.key})
MATCH (t:Case {key: row.target})
MERGE (n)-[r:MADE_IN]->(t)
SET r._batch = row._batch, r._row = row._row
