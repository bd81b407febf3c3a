//: title: {zh: "案（同一事实）：删除节点", en: "Matter: one set of facts in the world: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Matter {key: key})
DETACH DELETE n
