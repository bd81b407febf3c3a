//: title: {zh: "处置：写入新行及其关系", en: "What a person decided on a problem: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Disposition)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Problem {key: coalesce(row.`problem`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (t0)-[:DISPOSED_AS {_batch: row.props._batch, _row: row.props._row}]->(n))
WITH n, row
OPTIONAL MATCH (t1:Person {key: coalesce(row.`person`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:BY {_batch: row.props._batch, _row: row.props._row}]->(t1))
