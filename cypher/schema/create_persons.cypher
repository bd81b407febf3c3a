//: title: {zh: "人员：写入新行及其关系", en: "Member of staff: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Person)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Department {key: coalesce(row.`department`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:MEMBER_OF {_batch: row.props._batch, _row: row.props._row}]->(t0))
