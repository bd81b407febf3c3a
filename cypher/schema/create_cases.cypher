//: title: {zh: "件（系统案件）：写入新行及其关系", en: "Case: one numbered file in the system: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Case)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Matter {key: row.`matter`})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r0:PART_OF]->(t0)
  SET r0._batch = row.props._batch, r0._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t1:Unit {key: row.`unit`})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r1:HANDLED_AT]->(t1)
  SET r1._batch = row.props._batch, r1._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t2:Department {key: row.`department`})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r2:HANDLED_IN]->(t2)
  SET r2._batch = row.props._batch, r2._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t3:Person {key: row.`handler`})
FOREACH (_ IN CASE WHEN t3 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r3:HANDLED_BY]->(t3)
  SET r3._batch = row.props._batch, r3._row = row.props._row)
