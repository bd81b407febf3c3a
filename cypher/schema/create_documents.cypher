//: title: {zh: "法律文书：写入新行及其关系", en: "Legal document: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Document)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:OF {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:Event {key: coalesce(row.`event`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (t1)-[:EVIDENCED_BY {_batch: row.props._batch, _row: row.props._row}]->(n))
