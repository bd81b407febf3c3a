//: title: {zh: "期限时钟：写入或更新行及其关系", en: "Clock: one round of a time limit on a case or party: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Clock {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:RUNS_ON]->(:Case) | r0] | DELETE r)
FOREACH (r IN [(n)-[r1:RUNS_ON]->(:Party) | r1] | DELETE r)
FOREACH (r IN [(n)-[r2:GOVERNED_BY]->(:TimeLimit) | r2] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:RUNS_ON {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:Party {key: coalesce(row.`party`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:RUNS_ON {_batch: row.props._batch, _row: row.props._row}]->(t1))
WITH n, row
OPTIONAL MATCH (t2:TimeLimit {key: coalesce(row.`limit`, '')})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:GOVERNED_BY {_batch: row.props._batch, _row: row.props._row}]->(t2))
