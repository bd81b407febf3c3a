//: title: {zh: "期限规则：删除节点", en: "Deadline rule of a profile: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:DeadlineRule {key: key})
DETACH DELETE n
