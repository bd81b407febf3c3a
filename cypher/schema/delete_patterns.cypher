//: title: {zh: "倾向性问题：删除节点", en: "Recurring problem pattern: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Pattern {key: key})
DETACH DELETE n
