//: title: {zh: "案卡项目：写入新行及其关系", en: "Card field as entered: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:FieldValue)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ON {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:Party {key: coalesce(row.`party`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ON {_batch: row.props._batch, _row: row.props._row}]->(t1))
WITH n, row
OPTIONAL MATCH (t2:Person {key: coalesce(row.`entered_by`, '')})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ENTERED_BY {_batch: row.props._batch, _row: row.props._row}]->(t2))
