//: title: {zh: "罪名：写入或更新行及其关系", en: "Charge against a party: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Charge {key: row.key})
SET n = row.props
FOREACH (r IN [(n)<-[r0:CHARGED_WITH]-(:Party) | r0] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Party {key: coalesce(row.`party`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (t0)-[:CHARGED_WITH {_batch: row.props._batch, _row: row.props._row}]->(n))
