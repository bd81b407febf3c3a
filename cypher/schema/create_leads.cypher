//: title: {zh: "线索：写入新行及其关系", en: "Lead: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Lead)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Case {key: row.`case`})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r0:ABOUT]->(t0)
  SET r0._batch = row.props._batch, r0._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t1:Unit {key: row.`unit`})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r1:RAISED_AT]->(t1)
  SET r1._batch = row.props._batch, r1._row = row.props._row)
