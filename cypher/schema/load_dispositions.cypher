//: title: {zh: "处置：写入或更新行及其关系", en: "What a person decided on a problem: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Disposition {key: row.key})
SET n = row.props
WITH n, row
MATCH (t0:Problem {key: row.`problem`})
MERGE (t0)-[r0:DISPOSED_AS]->(n)
SET r0._batch = row.props._batch, r0._row = row.props._row
WITH n, row
OPTIONAL MATCH (t1:Person {key: row.`person`})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  MERGE (n)-[r1:BY]->(t1)
  SET r1._batch = row.props._batch, r1._row = row.props._row)
