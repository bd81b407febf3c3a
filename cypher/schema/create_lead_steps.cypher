//: title: {zh: "线索步骤：写入新行及其关系", en: "Step of a lead: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Step)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Lead {key: coalesce(row.`lead`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (t0)-[:HAS_STEP {_batch: row.props._batch, _row: row.props._row}]->(n))
WITH n, row
OPTIONAL MATCH (t1:Person {key: coalesce(row.`by`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:BY {_batch: row.props._batch, _row: row.props._row}]->(t1))
