//: title: {zh: "结局：删除节点", en: "Named outcome of a profile: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Outcome {key: key})
DETACH DELETE n
