//: title: {zh: "纠正：删除节点", en: "Correction order: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Correction {key: key})
DETACH DELETE n
