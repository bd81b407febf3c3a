//: title: {zh: "指标：删除节点", en: "Indicator: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Indicator {key: key})
DETACH DELETE n
