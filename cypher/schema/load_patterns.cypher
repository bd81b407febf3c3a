//: title: {zh: "倾向性问题：写入或更新行及其关系", en: "Recurring problem pattern: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Pattern {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:OF_TYPE]->(:ProblemType) | r0] | DELETE r)
FOREACH (r IN [(n)-[r1:LOCATED_AT]->(:ProcessNode) | r1] | DELETE r)
FOREACH (r IN [(n)<-[r2:INSTANCE_OF]-(:Problem) | r2] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:ProblemType {key: coalesce(row.`type`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:OF_TYPE {_batch: row.props._batch, _row: row.props._row}]->(t0))
