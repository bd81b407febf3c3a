//: title: {zh: "指标—节点映射：删除节点", en: "Indicator-to-node mapping: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Mapping {key: key})
DETACH DELETE n
