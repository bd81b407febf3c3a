//: title: {zh: "质量评查：写入或更新行及其关系", en: "Quality review of a case: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Review {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:OF]->(:Case) | r0] | DELETE r)
FOREACH (r IN [(n)<-[r1:OPENED]-(:Lead) | r1] | DELETE r)
FOREACH (r IN [(n)-[r2:IN]->(:Campaign) | r2] | DELETE r)
FOREACH (r IN [(n)-[r3:BY]->(:Person) | r3] | DELETE r)
FOREACH (r IN [(n)-[r4:ANNOTATES]->(:IndicatorValue) | r4] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Case {key: coalesce(row.`case`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:OF {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:Lead {key: coalesce(row.`lead`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (t1)-[:OPENED {_batch: row.props._batch, _row: row.props._row}]->(n))
WITH n, row
OPTIONAL MATCH (t2:Campaign {key: coalesce(row.`campaign`, '')})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:IN {_batch: row.props._batch, _row: row.props._row}]->(t2))
WITH n, row
OPTIONAL MATCH (t3:Person {key: coalesce(row.`reviewer`, '')})
FOREACH (_ IN CASE WHEN t3 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:BY {_batch: row.props._batch, _row: row.props._row}]->(t3))
WITH n, row
OPTIONAL MATCH (t4:IndicatorValue {key: coalesce(row.`annotates`, '')})
FOREACH (_ IN CASE WHEN t4 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ANNOTATES {_batch: row.props._batch, _row: row.props._row}]->(t4))
