//: title: {zh: "节点事件：补写关系 AT（node）", en: "Event at a procedural node: relationships AT of column node"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Event {key: row.key})
MATCH (t:ProcessNode {key: row.target})
MERGE (n)-[r:AT]->(t)
SET r._batch = row._batch, r._row = row._row
