//: title: {zh: "到达某些节点的事件", en: "Events at some nodes, with their case and the party they concern"}
//: params:
//:   nodes: {type: "list<string>", example: [rulebook/AR08]}
//:   acts: {type: "list<string>", default: null, example: [NO_ARREST]}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   event: "string"
//:   case: "string"
//:   party: "string"
//:   day: "date"
//: budget: {rows: 1000000, ms: 3000}
UNWIND $nodes AS key
MATCH (n:ProcessNode {key: key})<-[:AT]-(e:Event)-[:OF]->(c:Case)
WHERE e.known <= $as_of
  AND ($source IS NULL OR c.source = $source)
  AND ($acts IS NULL OR coalesce(e.outcome, '-') IN $acts)
OPTIONAL MATCH (e)-[:CONCERNS]->(p:Party)
RETURN e.key AS event, c.key AS case, p.key AS party, e.occurred_on AS day
