//: title: {zh: "纠正：写入或更新行及其关系", en: "Correction order: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Correction {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:CORRECTS]->(:Problem) | r0] | DELETE r)
FOREACH (r IN [(n)<-[r1:OPENED]-(:Lead) | r1] | DELETE r)
FOREACH (r IN [(n)-[r2:ADDRESSED_TO]->(:Department) | r2] | DELETE r)
WITH n, row
OPTIONAL MATCH (t1:Lead {key: coalesce(row.`lead`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (t1)-[:OPENED {_batch: row.props._batch, _row: row.props._row}]->(n))
WITH n, row
OPTIONAL MATCH (t2:Department {key: coalesce(row.`department`, '')})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ADDRESSED_TO {_batch: row.props._batch, _row: row.props._row}]->(t2))
