//: title: {zh: "财物流转：写入或更新行及其关系", en: "Property movement: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:PropertyMovement {key: row.key})
SET n = row.props
WITH n, row
MATCH (t0:Property {key: row.`property`})
MERGE (n)-[r0:MOVED]->(t0)
SET r0._batch = row.props._batch, r0._row = row.props._row
