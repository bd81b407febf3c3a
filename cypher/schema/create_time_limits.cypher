//: title: {zh: "期限、关口：写入新行及其关系", en: "Time limit or gate of the rulebook: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:TimeLimit)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:ProblemType {key: coalesce(row.`type`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:FINDS {_batch: row.props._batch, _row: row.props._row}]->(t0))
