//: title: {zh: "法律文书：删除节点", en: "Legal document: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Document {key: key})
DETACH DELETE n
