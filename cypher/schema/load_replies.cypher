//: title: {zh: "回复：写入或更新行及其关系", en: "Reply of the handling department: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Reply {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:ANSWERS]->(:Notice) | r0] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Notice {key: coalesce(row.`notice`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ANSWERS {_batch: row.props._batch, _row: row.props._row}]->(t0))
