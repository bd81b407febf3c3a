//: title: {zh: "流程监控通知书：写入或更新行及其关系", en: "Process-monitoring notice: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Notice {key: row.key})
SET n = row.props
FOREACH (r IN [(n)<-[r0:ISSUED_AS]-(:Correction) | r0] | DELETE r)
FOREACH (r IN [(n)-[r1:ADDRESSED_TO]->(:Department) | r1] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Correction {key: coalesce(row.`correction`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (t0)-[:ISSUED_AS {_batch: row.props._batch, _row: row.props._row}]->(n))
WITH n, row
OPTIONAL MATCH (t1:Department {key: coalesce(row.`department`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:ADDRESSED_TO {_batch: row.props._batch, _row: row.props._row}]->(t1))
