//: title: {zh: "旧值：删除节点", en: "Former values of a row that a later batch changed: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:FormerRow {key: key})
DETACH DELETE n
