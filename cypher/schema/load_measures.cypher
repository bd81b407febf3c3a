//: title: {zh: "强制措施：写入或更新行及其关系", en: "Coercive measure: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Measure {key: row.key})
SET n = row.props
WITH n, row
MATCH (t0:Party {key: row.`party`})
MERGE (t0)-[r0:UNDER]->(n)
SET r0._batch = row.props._batch, r0._row = row.props._row
