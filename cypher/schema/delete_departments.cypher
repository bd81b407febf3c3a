//: title: {zh: "部门：删除节点", en: "Department: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Department {key: key})
DETACH DELETE n
