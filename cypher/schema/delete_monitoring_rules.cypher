//: title: {zh: "监控规则：删除节点", en: "Monitoring rule: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:MonitoringRule {key: key})
DETACH DELETE n
