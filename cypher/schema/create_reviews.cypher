//: title: {zh: "质量评查：写入新行及其关系", en: "Quality review of a case: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Review)
SET n = row.props
WITH n, row
MATCH (t0:Case {key: row.`case`})
CREATE (n)-[r0:OF]->(t0)
SET r0._batch = row.props._batch, r0._row = row.props._row
WITH n, row
OPTIONAL MATCH (t1:Lead {key: row.`lead`})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (t1)-[r1:OPENED]->(n)
  SET r1._batch = row.props._batch, r1._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t2:Campaign {key: row.`campaign`})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r2:IN]->(t2)
  SET r2._batch = row.props._batch, r2._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t3:Person {key: row.`reviewer`})
FOREACH (_ IN CASE WHEN t3 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r3:BY]->(t3)
  SET r3._batch = row.props._batch, r3._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t4:IndicatorValue {key: row.`annotates`})
FOREACH (_ IN CASE WHEN t4 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r4:ANNOTATES]->(t4)
  SET r4._batch = row.props._batch, r4._row = row.props._row)
