//: title: {zh: "法律文书：写入或更新行及其关系", en: "Legal document: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Document {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:OF]->(:Case) | r0] | DELETE r)
FOREACH (r IN [(n)<-[r1:EVIDENCED_BY]-(:Event) | r1] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:OF {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:Event {key: coalesce(row.`event`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (t1)-[:EVIDENCED_BY {_batch: row.props._batch, _row: row.props._row}]->(n))
