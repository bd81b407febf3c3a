//: title: {zh: "件（系统案件）：写入或更新行及其关系", en: "Case: one numbered file in the system: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Case {key: row.key})
WITH n, row, n._next AS _next, n._tally AS _tally
SET n = row.props, n._next = _next, n._tally = _tally
FOREACH (r IN [(n)-[r0:PART_OF]->(:Matter) | r0] | DELETE r)
FOREACH (r IN [(n)-[r1:HANDLED_AT]->(:Unit) | r1] | DELETE r)
FOREACH (r IN [(n)-[r2:HANDLED_IN]->(:Department) | r2] | DELETE r)
FOREACH (r IN [(n)-[r3:HANDLED_BY]->(:Person) | r3] | DELETE r)
FOREACH (r IN [(n)-[r4:FOLLOWS]->(:Case) | r4] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Matter {key: coalesce(row.`matter`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:PART_OF {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:Unit {key: coalesce(row.`unit`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:HANDLED_AT {_batch: row.props._batch, _row: row.props._row}]->(t1))
WITH n, row
OPTIONAL MATCH (t2:Department {key: coalesce(row.`department`, '')})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:HANDLED_IN {_batch: row.props._batch, _row: row.props._row}]->(t2))
WITH n, row
OPTIONAL MATCH (t3:Person {key: coalesce(row.`handler`, '')})
FOREACH (_ IN CASE WHEN t3 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:HANDLED_BY {_batch: row.props._batch, _row: row.props._row}]->(t3))
