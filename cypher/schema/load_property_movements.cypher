//: title: {zh: "财物流转：写入或更新行及其关系", en: "Property movement: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:PropertyMovement {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:MOVED]->(:Property) | r0] | DELETE r)
WITH n, row
MATCH (t0:Property {key: row.`property`})
CREATE (n)-[:MOVED {_batch: row.props._batch, _row: row.props._row}]->(t0)
