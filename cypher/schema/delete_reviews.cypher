//: title: {zh: "质量评查：删除节点", en: "Quality review of a case: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Review {key: key})
DETACH DELETE n
