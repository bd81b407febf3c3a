//: title: {zh: "涉案人员（案中人）：写入新行及其关系", en: "Party: a person in a case: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Party)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (t0)-[:HAS_PARTY {_batch: row.props._batch, _row: row.props._row}]->(n))
