//: title: {zh: "指标—节点映射：写入新行及其关系", en: "Indicator-to-node mapping: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Mapping)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Indicator {key: coalesce(row.`indicator`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:MAPS {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:ProcessNode {key: coalesce(row.`node`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:POINTS_AT {_batch: row.props._batch, _row: row.props._row}]->(t1))
WITH n, row
OPTIONAL MATCH (t2:MonitoringRule {key: coalesce(row.`monitoring_rule`, '')})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:REALISED_AS {_batch: row.props._batch, _row: row.props._row}]->(t2))
