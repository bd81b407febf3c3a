//: title: {zh: "问题：删除节点", en: "Problem (finding): delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Problem {key: key})
DETACH DELETE n
