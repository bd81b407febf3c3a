//: title: {zh: "回复：删除节点", en: "Reply of the handling department: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Reply {key: key})
DETACH DELETE n
