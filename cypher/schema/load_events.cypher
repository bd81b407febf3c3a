//: title: {zh: "节点事件：写入或更新行及其关系", en: "Event at a procedural node: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Event {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:OF]->(:Case) | r0] | DELETE r)
FOREACH (r IN [(n)-[r1:AT]->(:ProcessNode) | r1] | DELETE r)
FOREACH (r IN [(n)-[r2:BY]->(:Person) | r2] | DELETE r)
FOREACH (r IN [(n)-[r3:DONE_IN]->(:Department) | r3] | DELETE r)
FOREACH (r IN [(n)-[r4:CONCERNS]->(:Party) | r4] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:OF {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:ProcessNode {key: coalesce(row.`node`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:AT {_batch: row.props._batch, _row: row.props._row}]->(t1))
WITH n, row
OPTIONAL MATCH (t2:Person {key: coalesce(row.`person`, '')})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:BY {_batch: row.props._batch, _row: row.props._row}]->(t2))
WITH n, row
OPTIONAL MATCH (t3:Department {key: coalesce(row.`department`, '')})
FOREACH (_ IN CASE WHEN t3 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:DONE_IN {_batch: row.props._batch, _row: row.props._row}]->(t3))
WITH n, row
OPTIONAL MATCH (t4:Party {key: coalesce(row.`party`, '')})
FOREACH (_ IN CASE WHEN t4 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:CONCERNS {_batch: row.props._batch, _row: row.props._row}]->(t4))
