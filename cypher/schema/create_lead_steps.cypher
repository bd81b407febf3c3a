//: title: {zh: "线索步骤：写入新行及其关系", en: "Step of a lead: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Step)
SET n = row.props
WITH n, row
MATCH (t0:Lead {key: row.`lead`})
CREATE (t0)-[r0:HAS_STEP]->(n)
SET r0._batch = row.props._batch, r0._row = row.props._row
WITH n, row
OPTIONAL MATCH (t1:Person {key: row.`by`})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r1:BY]->(t1)
  SET r1._batch = row.props._batch, r1._row = row.props._row)
