//: title: {zh: "倾向性问题：写入新行及其关系", en: "Recurring problem pattern: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Pattern)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:ProblemType {key: coalesce(row.`type`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:OF_TYPE {_batch: row.props._batch, _row: row.props._row}]->(t0))
