//: title: {zh: "数据规则：写入或更新行及其关系", en: "Data rule: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:DataRule {key: row.key})
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:ProblemType {key: row.`type`})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  MERGE (n)-[r0:FINDS]->(t0)
  SET r0._batch = row.props._batch, r0._row = row.props._row)
