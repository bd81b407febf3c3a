//: title: {zh: "财物流转：删除节点", en: "Property movement: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:PropertyMovement {key: key})
DETACH DELETE n
