//: title: {zh: "节点事件：写入新行及其关系", en: "Event at a procedural node: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Event)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:OF {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:ProcessNode {key: coalesce(row.`node`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:AT {_batch: row.props._batch, _row: row.props._row}]->(t1))
WITH n, row
OPTIONAL MATCH (t2:Person {key: coalesce(row.`person`, '')})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:BY {_batch: row.props._batch, _row: row.props._row}]->(t2))
WITH n, row
OPTIONAL MATCH (t3:Department {key: coalesce(row.`department`, '')})
FOREACH (_ IN CASE WHEN t3 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:DONE_IN {_batch: row.props._batch, _row: row.props._row}]->(t3))
WITH n, row
OPTIONAL MATCH (t4:Party {key: coalesce(row.`party`, '')})
FOREACH (_ IN CASE WHEN t4 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:CONCERNS {_batch: row.props._batch, _row: row.props._row}]->(t4))
