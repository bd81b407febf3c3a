//: title: {zh: "财物流转：写入新行及其关系", en: "Property movement: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:PropertyMovement)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Property {key: coalesce(row.`property`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:MOVED {_batch: row.props._batch, _row: row.props._row}]->(t0))
