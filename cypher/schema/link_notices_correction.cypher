//: title: {zh: "流程监控通知书：补写关系 ISSUED_AS（correction）", en: "Process-monitoring notice: relationships ISSUED_AS of column correction"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Notice {key: row.key})
MATCH (t:Correction {key: row.target})
MERGE (t)-[r:ISSUED_AS]->(n)
SET r._batch = row._batch, r._row = row._row
