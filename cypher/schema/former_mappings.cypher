//: title: {zh: "指标—节点映射：行的现有属性和所指的键", en: "Indicator-to-node mapping: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Mapping {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:MAPS]->(t:Indicator) | ['indicator', t.key]] +
       [(n)-[:POINTS_AT]->(t:ProcessNode) | ['node', t.key]] +
       [(n)-[:REALISED_AS]->(t:MonitoringRule) | ['monitoring_rule', t.key]] AS named
