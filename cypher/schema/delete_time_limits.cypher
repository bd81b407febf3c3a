//: title: {zh: "期限、关口：删除节点", en: "Time limit or gate of the rulebook: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:TimeLimit {key: key})
DETACH DELETE n
