//: title: {zh: "指标—节点映射：写入或更新行及其关系", en: "Indicator-to-node mapping: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Mapping {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:MAPS]->(:Indicator) | r0] | DELETE r)
FOREACH (r IN [(n)-[r1:POINTS_AT]->(:ProcessNode) | r1] | DELETE r)
FOREACH (r IN [(n)-[r2:REALISED_AS]->(:MonitoringRule) | r2] | DELETE r)
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
