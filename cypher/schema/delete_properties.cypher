//: title: {zh: "涉案财物：删除节点", en: "Case-related property: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Property {key: key})
DETACH DELETE n
