//: title: {zh: "指标—节点映射：补写关系 REALISED_AS（monitoring_rule）", en: "Indicator-to-node mapping: relationships REALISED_AS of column monitoring_rule"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Mapping {key: row.key})
MATCH (t:MonitoringRule {key: row.target})
MERGE (n)-[r:REALISED_AS]->(t)
SET r._batch = row._batch, r._row = row._row
