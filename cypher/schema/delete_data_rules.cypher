//: title: {zh: "数据规则：删除节点", en: "Data rule: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:DataRule {key: key})
DETACH DELETE n
