//: title: {zh: "线索：写入或更新行及其关系", en: "Lead: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Lead {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:ABOUT]->(:Case) | r0] | DELETE r)
FOREACH (r IN [(n)-[r1:RAISED_AT]->(:Unit) | r1] | DELETE r)
FOREACH (r IN [(n)<-[r2:GAVE_RISE_TO]-(:Problem) | r2] | DELETE r)
FOREACH (r IN [(n)<-[r3:GAVE_RISE_TO]-(:Review) | r3] | DELETE r)
FOREACH (r IN [(n)<-[r4:GAVE_RISE_TO]-(:Alert) | r4] | DELETE r)
FOREACH (r IN [(n)<-[r5:GAVE_RISE_TO]-(:Pattern) | r5] | DELETE r)
FOREACH (r IN [(n)<-[r6:GAVE_RISE_TO]-(:Request) | r6] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ABOUT {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:Unit {key: coalesce(row.`unit`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:RAISED_AT {_batch: row.props._batch, _row: row.props._row}]->(t1))
