//: title: {zh: "指标—节点映射：去掉行的关系 POINTS_AT（ProcessNode）", en: "Indicator-to-node mapping: remove the rows' relationships POINTS_AT to ProcessNode"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Mapping {key: key})
MATCH (n)-[r:POINTS_AT]->(t:ProcessNode)
DELETE r
