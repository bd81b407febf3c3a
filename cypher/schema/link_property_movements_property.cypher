//: title: {zh: "财物流转：补写关系 MOVED（property）", en: "Property movement: relationships MOVED of column property"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:PropertyMovement {key: row.key})
MATCH (t:Property {key: row.target})
MERGE (n)-[r:MOVED]->(t)
SET r._batch = row._batch, r._row = row._row
