//: title: {zh: "涉案财物：写入或更新行及其关系", en: "Case-related property: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Property {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:SEIZED_IN]->(:Case) | r0] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:SEIZED_IN {_batch: row.props._batch, _row: row.props._row}]->(t0))
