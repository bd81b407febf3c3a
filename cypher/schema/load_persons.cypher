//: title: {zh: "人员：写入或更新行及其关系", en: "Member of staff: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Person {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:MEMBER_OF]->(:Department) | r0] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:Department {key: coalesce(row.`department`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:MEMBER_OF {_batch: row.props._batch, _row: row.props._row}]->(t0))
