//: title: {zh: "涉案财物：写入新行及其关系", en: "Case-related property: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Property)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:SEIZED_IN {_batch: row.props._batch, _row: row.props._row}]->(t0))
