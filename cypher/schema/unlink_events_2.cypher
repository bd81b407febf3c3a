//: title: {zh: "节点事件：去掉行的关系 BY（Person）", en: "Event at a procedural node: remove the rows' relationships BY to Person"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Event {key: key})
MATCH (n)-[r:BY]->(t:Person)
DELETE r
