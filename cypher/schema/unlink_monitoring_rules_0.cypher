//: title: {zh: "监控规则：去掉行的关系 WATCHES（ProcessNode）", en: "Monitoring rule: remove the rows' relationships WATCHES to ProcessNode"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:MonitoringRule {key: key})
MATCH (n)-[r:WATCHES]->(t:ProcessNode)
DELETE r
