//: title: {zh: "问题：补写关系 RAISED_BY（raised_by_monitoring）", en: "Problem (finding): relationships RAISED_BY of column raised_by_monitoring"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Problem {key: row.key})
MATCH (t:MonitoringRule {key: row.target})
MERGE (n)-[r:RAISED_BY]->(t)
SET r._batch = row._batch, r._row = row._row
