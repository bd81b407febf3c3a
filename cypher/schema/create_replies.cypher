//: title: {zh: "回复：写入新行及其关系", en: "Reply of the handling department: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Reply)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Notice {key: coalesce(row.`notice`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ANSWERS {_batch: row.props._batch, _row: row.props._row}]->(t0))
