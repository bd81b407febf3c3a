//: title: {zh: "节点事件：补写关系 BY（person）", en: "Event at a procedural node: relationships BY of column person"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Event {key: row.key})
MATCH (t:Person {key: row.target})
MERGE (n)-[r:BY]->(t)
SET r._batch = row._batch, r._row = row._row
