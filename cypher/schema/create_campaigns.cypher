//: title: {zh: "专项评查活动：写入新行及其关系", en: "Review campaign: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Campaign)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Unit {key: coalesce(row.`unit`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:HELD_AT {_batch: row.props._batch, _row: row.props._row}]->(t0))
