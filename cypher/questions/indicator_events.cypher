//: title: {zh: "指标所计节点上的事件及其结果", en: "Events at some nodes, with what they are, whom they concern and their local date"}
//: params:
//:   nodes: {type: "list<string>", example: [rulebook/PR22]}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   case: "string"
//:   node: "string"
//:   act: "string"
//:   party: "string"
//:   day: "date"
//:   event: "string"
//: budget: {rows: 1000000, ms: 4000}
UNWIND $nodes AS key
MATCH (n:ProcessNode {key: key})<-[:AT]-(e:Event)-[:OF]->(c:Case)
WHERE e.known <= $as_of AND ($source IS NULL OR c.source = $source)
OPTIONAL MATCH (e)-[:CONCERNS]->(p:Party)
RETURN c.key AS case, n.id AS node, coalesce(e.outcome, '-') AS act, p.key AS party,
       e.occurred_on AS day, e.key AS event
