//: title: {zh: 线索的来源, en: What a lead grew from}
//: params: {key: {type: string, example: demo/L7-2024-000147}}
//: returns: {label: string, id: string, type: string, type_zh: string, node: string, node_zh: string, event: string}
//: budget: {rows: 100, ms: 20}
MATCH (l:Lead {key: $key})<-[:GAVE_RISE_TO]-(o)
OPTIONAL MATCH (o)-[:OF_TYPE]->(t:ProblemType)
OPTIONAL MATCH (o)-[:LOCATED_AT]->(n:ProcessNode)
OPTIONAL MATCH (o)-[:ABOUT]->(e:Event)
RETURN labels(o)[0] AS label, o.id AS id, t.id AS type, t.zh AS type_zh, n.id AS node, n.zh AS node_zh,
       e.id AS event
ORDER BY label, id
