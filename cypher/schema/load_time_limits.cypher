//: title: {zh: "期限、关口：写入或更新行及其关系", en: "Time limit or gate of the rulebook: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:TimeLimit {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:FINDS]->(:ProblemType) | r0] | DELETE r)
FOREACH (r IN [(n)-[r1:WATCHES]->(:ProcessNode) | r1] | DELETE r)
FOREACH (r IN [(n)-[r2:BASED_ON]->(:LegalArticle) | r2] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:ProblemType {key: coalesce(row.`type`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:FINDS {_batch: row.props._batch, _row: row.props._row}]->(t0))
