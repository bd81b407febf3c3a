//: title: {zh: "到达某节点的案件及当事人", en: "Cases with an event at a node, and the parties it concerns"}
//: params:
//:   node: {type: string, example: rulebook/AR08}
//:   outcomes: {type: "list<string>", default: null, example: [NO_ARREST]}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   case: "string"
//:   type: "string"
//:   parties: "list<string>"
//:   whole: "boolean"
//: budget: {rows: 1000000, ms: 3000}
MATCH (n:ProcessNode {key: $node})<-[:AT]-(e:Event)-[:OF]->(c:Case)
WHERE e.known <= $as_of
  AND ($source IS NULL OR c.source = $source)
  AND ($outcomes IS NULL OR e.outcome IN $outcomes)
OPTIONAL MATCH (e)-[:CONCERNS]->(p:Party)
WITH c, collect(DISTINCT p.key) AS parties, sum(CASE WHEN p IS NULL THEN 1 ELSE 0 END) AS none
RETURN c.key AS case, c.type AS type, parties, none > 0 AS whole
