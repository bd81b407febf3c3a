//: title: {zh: "库：删除节点", en: "Facts about this store: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Store {key: key})
DETACH DELETE n
