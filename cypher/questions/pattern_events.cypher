//: title: {zh: "问题所涉事件所在、而非问题所在的节点", en: "Problems about an event at another node than their own, and that node"}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   problem: "string"
//:   node: "string"
//: budget: {rows: 10000000, ms: 5000}
MATCH (p:Problem)-[:ABOUT]->(:Event)-[:AT]->(n:ProcessNode)
WHERE ($source IS NULL OR p.source = $source)
  AND NOT EXISTS { MATCH (p)-[:LOCATED_AT]->(n) }
RETURN p.key AS problem, n.key AS node
