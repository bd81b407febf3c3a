//: title: {zh: "线索步骤：写入或更新行及其关系", en: "Step of a lead: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Step {key: row.key})
SET n = row.props
WITH n, row
MATCH (t0:Lead {key: row.`lead`})
MERGE (t0)-[r0:HAS_STEP]->(n)
SET r0._batch = row.props._batch, r0._row = row.props._row
WITH n, row
OPTIONAL MATCH (t1:Person {key: row.`by`})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  MERGE (n)-[r1:BY]->(t1)
  SET r1._batch = row.props._batch, r1._row = row.props._row)
