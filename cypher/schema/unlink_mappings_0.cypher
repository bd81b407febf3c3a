//: title: {zh: "指标—节点映射：去掉行的关系 MAPS（Indicator）", en: "Indicator-to-node mapping: remove the rows' relationships MAPS to Indicator"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Mapping {key: key})
MATCH (n)-[r:MAPS]->(t:Indicator)
DELETE r
