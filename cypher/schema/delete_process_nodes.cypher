//: title: {zh: "程序性节点：删除节点", en: "Procedural node: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:ProcessNode {key: key})
DETACH DELETE n
