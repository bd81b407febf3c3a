//: title: {zh: "流程监控通知书：写入新行及其关系", en: "Process-monitoring notice: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Notice)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Correction {key: row.`correction`})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (t0)-[r0:ISSUED_AS]->(n)
  SET r0._batch = row.props._batch, r0._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t1:Department {key: row.`department`})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r1:ADDRESSED_TO]->(t1)
  SET r1._batch = row.props._batch, r1._row = row.props._row)
