//: title: {zh: "指标—节点映射：写入或更新行及其关系", en: "Indicator-to-node mapping: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Mapping {key: row.key})
SET n = row.props
WITH n, row
MATCH (t0:Indicator {key: row.`indicator`})
MERGE (n)-[r0:MAPS]->(t0)
SET r0._batch = row.props._batch, r0._row = row.props._row
WITH n, row
MATCH (t1:ProcessNode {key: row.`node`})
MERGE (n)-[r1:POINTS_AT]->(t1)
SET r1._batch = row.props._batch, r1._row = row.props._row
WITH n, row
OPTIONAL MATCH (t2:MonitoringRule {key: row.`monitoring_rule`})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  MERGE (n)-[r2:REALISED_AS]->(t2)
  SET r2._batch = row.props._batch, r2._row = row.props._row)
