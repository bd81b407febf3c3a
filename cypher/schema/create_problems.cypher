//: title: {zh: "问题：写入新行及其关系", en: "Problem (finding): write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Problem)
SET n = row.props
WITH n, row
MATCH (t0:ProblemType {key: row.`type`})
CREATE (n)-[r0:OF_TYPE]->(t0)
SET r0._batch = row.props._batch, r0._row = row.props._row
WITH n, row
MATCH (t1:Case {key: row.`case`})
CREATE (n)-[r1:FOUND_IN]->(t1)
SET r1._batch = row.props._batch, r1._row = row.props._row
WITH n, row
OPTIONAL MATCH (t2:ProcessNode {key: row.`node`})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r2:LOCATED_AT]->(t2)
  SET r2._batch = row.props._batch, r2._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t3:Event {key: row.`event`})
FOREACH (_ IN CASE WHEN t3 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r3:ABOUT]->(t3)
  SET r3._batch = row.props._batch, r3._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t4:Document {key: row.`document`})
FOREACH (_ IN CASE WHEN t4 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r4:ABOUT]->(t4)
  SET r4._batch = row.props._batch, r4._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t5:Party {key: row.`party`})
FOREACH (_ IN CASE WHEN t5 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r5:CONCERNS]->(t5)
  SET r5._batch = row.props._batch, r5._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t6:DataRule {key: row.`raised_by_rule`})
FOREACH (_ IN CASE WHEN t6 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r6:RAISED_BY]->(t6)
  SET r6._batch = row.props._batch, r6._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t7:MonitoringRule {key: row.`raised_by_monitoring`})
FOREACH (_ IN CASE WHEN t7 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r7:RAISED_BY]->(t7)
  SET r7._batch = row.props._batch, r7._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t8:DeadlineRule {key: row.`raised_by_deadline`})
FOREACH (_ IN CASE WHEN t8 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r8:RAISED_BY]->(t8)
  SET r8._batch = row.props._batch, r8._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t10:Alert {key: row.`raised_by_alert`})
FOREACH (_ IN CASE WHEN t10 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r10:RAISED_BY]->(t10)
  SET r10._batch = row.props._batch, r10._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t11:Person {key: row.`raised_by_person`})
FOREACH (_ IN CASE WHEN t11 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r11:RAISED_BY]->(t11)
  SET r11._batch = row.props._batch, r11._row = row.props._row)
