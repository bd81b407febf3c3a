//: title: {zh: "节点事件：去掉行的关系 AT（ProcessNode）", en: "Event at a procedural node: remove the rows' relationships AT to ProcessNode"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Event {key: key})
MATCH (n)-[r:AT]->(t:ProcessNode)
DELETE r
