//: title: {zh: "监控规则：补写关系 WATCHES（node）", en: "Monitoring rule: relationships WATCHES of column node"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:MonitoringRule {key: row.key})
MATCH (t:ProcessNode {key: row.target})
MERGE (n)-[r:WATCHES]->(t)
SET r._batch = row._batch, r._row = row._row
