//: title: {zh: "指标—节点映射：去掉行的关系 REALISED_AS（MonitoringRule）", en: "Indicator-to-node mapping: remove the rows' relationships REALISED_AS to MonitoringRule"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Mapping {key: key})
MATCH (n)-[r:REALISED_AS]->(t:MonitoringRule)
DELETE r
