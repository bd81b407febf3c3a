//: title: {zh: "装入的指标—节点映射及其状态", en: "The loaded mappings of indicators to nodes, with their states"}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   mapping: "string"
//:   state: "string"
//:   indicator: "string"
//:   node: "string"
//:   monitoring_rule: "string"
//: budget: {rows: 100000, ms: 3000}
MATCH (m:Mapping)-[:MAPS]->(i:Indicator)
WHERE $source IS NULL OR m.source = $source
MATCH (m)-[:POINTS_AT]->(n:ProcessNode)
OPTIONAL MATCH (m)-[:REALISED_AS]->(r:MonitoringRule)
RETURN m.id AS mapping, m.state AS state, i.id AS indicator, n.key AS node, r.id AS monitoring_rule
