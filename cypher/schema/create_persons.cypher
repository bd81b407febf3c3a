//: title: {zh: "人员：写入新行及其关系", en: "Member of staff: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Person)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Department {key: row.`department`})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r0:MEMBER_OF]->(t0)
  SET r0._batch = row.props._batch, r0._row = row.props._row)
