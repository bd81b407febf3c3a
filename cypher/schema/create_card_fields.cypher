//: title: {zh: "案卡项目：写入新行及其关系", en: "Card field as entered: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:FieldValue)
SET n = row.props
WITH n, row
MATCH (t0:Case {key: row.`case`})
CREATE (n)-[r0:ON]->(t0)
SET r0._batch = row.props._batch, r0._row = row.props._row
WITH n, row
OPTIONAL MATCH (t1:Party {key: row.`party`})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r1:ON]->(t1)
  SET r1._batch = row.props._batch, r1._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t2:Person {key: row.`entered_by`})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r2:ENTERED_BY]->(t2)
  SET r2._batch = row.props._batch, r2._row = row.props._row)
