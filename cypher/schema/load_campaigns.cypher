//: title: {zh: "专项评查活动：写入或更新行及其关系", en: "Review campaign: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Campaign {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:HELD_AT]->(:Unit) | r0] | DELETE r)
FOREACH (r IN [(n)-[r1:ANNOTATES]->(:IndicatorValue) | r1] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Unit {key: coalesce(row.`unit`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:HELD_AT {_batch: row.props._batch, _row: row.props._row}]->(t0))
