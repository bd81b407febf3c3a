//: title: {zh: "部门：写入或更新行及其关系", en: "Department: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Department {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:IN]->(:Unit) | r0] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Unit {key: coalesce(row.`unit`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:IN {_batch: row.props._batch, _row: row.props._row}]->(t0))
