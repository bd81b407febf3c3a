//: title: {zh: "处置：删除节点", en: "What a person decided on a problem: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Disposition {key: key})
DETACH DELETE n
