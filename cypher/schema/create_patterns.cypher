//: title: {zh: "倾向性问题：写入新行及其关系", en: "Recurring problem pattern: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Pattern)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:ProblemType {key: row.`type`})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[r0:OF_TYPE]->(t0)
  SET r0._batch = row.props._batch, r0._row = row.props._row)
