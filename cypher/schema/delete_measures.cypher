//: title: {zh: "强制措施：删除节点", en: "Coercive measure: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Measure {key: key})
DETACH DELETE n
