//: title: {zh: "节点事件：补写关系 DONE_IN（department）", en: "Event at a procedural node: relationships DONE_IN of column department"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Event {key: row.key})
MATCH (t:Department {key: row.target})
MERGE (n)-[r:DONE_IN]->(t)
SET r._batch = row._batch, r._row = row._row
