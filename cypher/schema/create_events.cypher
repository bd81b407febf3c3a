//: title: {zh: "节点事件：写入新行及其关系", en: "Event at a procedural node: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Event)
SET n = row.props
WITH n, row
MATCH (t0:Case {key: row.`case`})
CREATE (n)-[r0:OF]->(t0)
SET r0._batch = row.props._batch, r0._row = row.props._row
WITH n, row
MATCH (t1:ProcessNode {key: row.`node`})
CREATE (n)-[r1:AT]->(t1)
SET r1._batch = row.props._batch, r1._row = row.props._row
WITH n, row
OPTIONAL MATCH (t2:Person {key: row.`person`})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r2:BY]->(t2)
  SET r2._batch = row.props._batch, r2._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t3:Department {key: row.`department`})
FOREACH (_ IN CASE WHEN t3 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r3:DONE_IN]->(t3)
  SET r3._batch = row.props._batch, r3._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t4:Party {key: row.`party`})
FOREACH (_ IN CASE WHEN t4 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r4:CONCERNS]->(t4)
  SET r4._batch = row.props._batch, r4._row = row.props._row)
