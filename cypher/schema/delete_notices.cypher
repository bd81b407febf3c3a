//: title: {zh: "流程监控通知书：删除节点", en: "Process-monitoring notice: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Notice {key: key})
DETACH DELETE n
