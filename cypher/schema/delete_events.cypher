//: title: {zh: "节点事件：删除节点", en: "Event at a procedural node: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Event {key: key})
DETACH DELETE n
