//: title: {zh: "节点事件：补写关系 CONCERNS（party）", en: "Event at a procedural node: relationships CONCERNS of column party"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Event {key: row.key})
MATCH (t:Party {key: row.target})
MERGE (n)-[r:CONCERNS]->(t)
SET r._batch = row._batch, r._row = row._row
