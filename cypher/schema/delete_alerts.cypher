//: title: {zh: "预警：删除节点", en: "Alert: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Alert {key: key})
DETACH DELETE n
