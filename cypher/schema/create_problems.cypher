//: title: {zh: "问题：写入新行及其关系", en: "Problem (finding): write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Problem)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:ProblemType {key: coalesce(row.`type`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:OF_TYPE {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:FOUND_IN {_batch: row.props._batch, _row: row.props._row}]->(t1))
WITH n, row
OPTIONAL MATCH (t2:ProcessNode {key: coalesce(row.`node`, '')})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:LOCATED_AT {_batch: row.props._batch, _row: row.props._row}]->(t2))
WITH n, row
OPTIONAL MATCH (t3:Event {key: coalesce(row.`event`, '')})
FOREACH (_ IN CASE WHEN t3 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ABOUT {_batch: row.props._batch, _row: row.props._row}]->(t3))
WITH n, row
OPTIONAL MATCH (t4:Document {key: coalesce(row.`document`, '')})
FOREACH (_ IN CASE WHEN t4 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ABOUT {_batch: row.props._batch, _row: row.props._row}]->(t4))
WITH n, row
OPTIONAL MATCH (t5:Party {key: coalesce(row.`party`, '')})
FOREACH (_ IN CASE WHEN t5 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:CONCERNS {_batch: row.props._batch, _row: row.props._row}]->(t5))
WITH n, row
OPTIONAL MATCH (t8:MonitoringRule {key: coalesce(row.`raised_by_monitoring`, '')})
FOREACH (_ IN CASE WHEN t8 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:RAISED_BY {_batch: row.props._batch, _row: row.props._row}]->(t8))
WITH n, row
OPTIONAL MATCH (t11:Alert {key: coalesce(row.`raised_by_alert`, '')})
FOREACH (_ IN CASE WHEN t11 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:RAISED_BY {_batch: row.props._batch, _row: row.props._row}]->(t11))
WITH n, row
OPTIONAL MATCH (t12:Person {key: coalesce(row.`raised_by_person`, '')})
FOREACH (_ IN CASE WHEN t12 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:RAISED_BY {_batch: row.props._batch, _row: row.props._row}]->(t12))
