//: title: {zh: "法律文书：写入或更新行及其关系", en: "Legal document: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Document {key: row.key})
SET n = row.props
WITH n, row
MATCH (t0:Case {key: row.`case`})
MERGE (n)-[r0:OF]->(t0)
SET r0._batch = row.props._batch, r0._row = row.props._row
WITH n, row
OPTIONAL MATCH (t1:Event {key: row.`event`})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  MERGE (t1)-[r1:EVIDENCED_BY]->(n)
  SET r1._batch = row.props._batch, r1._row = row.props._row)
