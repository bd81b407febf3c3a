//: title: {zh: "纠正：写入新行及其关系", en: "Correction order: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Correction)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t1:Lead {key: coalesce(row.`lead`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (t1)-[:OPENED {_batch: row.props._batch, _row: row.props._row}]->(n))
WITH n, row
OPTIONAL MATCH (t2:Department {key: coalesce(row.`department`, '')})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ADDRESSED_TO {_batch: row.props._batch, _row: row.props._row}]->(t2))
