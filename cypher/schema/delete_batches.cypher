//: title: {zh: "批次：删除节点", en: "Batch of loaded rows: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Batch {key: key})
DETACH DELETE n
