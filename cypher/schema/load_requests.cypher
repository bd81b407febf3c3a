//: title: {zh: "申请：写入或更新行及其关系", en: "Request of a participant: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Request {key: row.key})
SET n = row.props
FOREACH (r IN [(n)<-[r0:MADE]-(:Participant) | r0] | DELETE r)
FOREACH (r IN [(n)-[r1:MADE_IN]->(:Case) | r1] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Participant {key: coalesce(row.`participant`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (t0)-[:MADE {_batch: row.props._batch, _row: row.props._row}]->(n))
WITH n, row
OPTIONAL MATCH (t1:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:MADE_IN {_batch: row.props._batch, _row: row.props._row}]->(t1))
