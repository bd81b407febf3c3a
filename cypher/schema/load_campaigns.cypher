//: title: {zh: "专项评查活动：写入或更新行及其关系", en: "Review campaign: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Campaign {key: row.key})
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Unit {key: row.`unit`})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  MERGE (n)-[r0:HELD_AT]->(t0)
  SET r0._batch = row.props._batch, r0._row = row.props._row)
