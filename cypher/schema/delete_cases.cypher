//: title: {zh: "件（系统案件）：删除节点", en: "Case: one numbered file in the system: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Case {key: key})
DETACH DELETE n
