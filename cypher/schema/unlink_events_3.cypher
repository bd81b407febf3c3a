//: title: {zh: "节点事件：去掉行的关系 DONE_IN（Department）", en: "Event at a procedural node: remove the rows' relationships DONE_IN to Department"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Event {key: key})
MATCH (n)-[r:DONE_IN]->(t:Department)
DELETE r
