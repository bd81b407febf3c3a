//: title: {zh: "强制措施：写入或更新行及其关系", en: "Coercive measure: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Measure {key: row.key})
SET n = row.props
FOREACH (r IN [(n)<-[r0:UNDER]-(:Party) | r0] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Party {key: coalesce(row.`party`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (t0)-[:UNDER {_batch: row.props._batch, _row: row.props._row}]->(n))
