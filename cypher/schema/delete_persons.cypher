//: title: {zh: "人员：删除节点", en: "Member of staff: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Person {key: key})
DETACH DELETE n
