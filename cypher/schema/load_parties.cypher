//: title: {zh: "涉案人员（案中人）：写入或更新行及其关系", en: "Party: a person in a case: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Party {key: row.key})
SET n = row.props
FOREACH (r IN [(n)<-[r0:HAS_PARTY]-(:Case) | r0] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (t0)-[:HAS_PARTY {_batch: row.props._batch, _row: row.props._row}]->(n))
