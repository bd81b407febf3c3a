//: title: {zh: "财物流转：写入新行及其关系", en: "Property movement: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:PropertyMovement)
SET n = row.props
WITH n, row
MATCH (t0:Property {key: row.`property`})
CREATE (n)-[:MOVED {_batch: row.props._batch, _row: row.props._row}]->(t0)
