//: title: {zh: "线索：删除节点", en: "Lead: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Lead {key: key})
DETACH DELETE n
