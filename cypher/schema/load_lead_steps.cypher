//: title: {zh: "线索步骤：写入或更新行及其关系", en: "Step of a lead: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Step {key: row.key})
SET n = row.props
FOREACH (r IN [(n)<-[r0:HAS_STEP]-(:Lead) | r0] | DELETE r)
FOREACH (r IN [(n)-[r1:BY]->(:Person) | r1] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Lead {key: coalesce(row.`lead`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (t0)-[:HAS_STEP {_batch: row.props._batch, _row: row.props._row}]->(n))
WITH n, row
OPTIONAL MATCH (t1:Person {key: coalesce(row.`by`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:BY {_batch: row.props._batch, _row: row.props._row}]->(t1))
