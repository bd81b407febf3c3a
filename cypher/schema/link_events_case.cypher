//: title: {zh: "节点事件：补写关系 OF（case）", en: "Event at a procedural node: relationships OF of column case"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Event {key: row.key})
MATCH (t:Case {key: row.target})
MERGE (n)-[r:OF]->(t)
SET r._batch = row._batch, r._row = row._row
