//: title: {zh: "财物流转：写入或更新行及其关系", en: "Property movement: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:PropertyMovement {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:MOVED]->(:Property) | r0] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Property {key: coalesce(row.`property`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:MOVED {_batch: row.props._batch, _row: row.props._row}]->(t0))
