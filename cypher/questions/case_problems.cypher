//: title: {zh: "案件的问题", en: "Problems of a case of all three kinds, whatever their status"}
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   problem: "string"
//:   kind: "string"
//:   type: "string"
//:   zh: "string"
//:   en: "string"
//:   severity: "integer"
//:   node: "string"
//:   node_zh: "string"
//:   node_en: "string"
//:   event: "string"
//:   document: "string"
//:   party: "string"
//:   found: "datetime"
//:   found_on: "date"
//:   found_by: "string"
//:   status: "string"
//:   description: "string"
//:   vanished: "string"
//: budget: {rows: 10000, ms: 50}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
MATCH (c)<-[:FOUND_IN]-(p:Problem)-[:OF_TYPE]->(t:ProblemType)
WHERE p.known <= $as_of
OPTIONAL MATCH (p)-[:DISPOSED_AS]->(s:Disposition) WHERE s.known <= $as_of
WITH p, t, s ORDER BY s.known, s.key
WITH p, t, collect(s.status) AS said
WITH p, t, CASE WHEN size(said) > 0 THEN said[size(said) - 1]
     WHEN p.closed_on IS NOT NULL AND coalesce(p.closed, $as_of) <= $as_of THEN 'CLOSED'
     ELSE 'HIT' END AS status
OPTIONAL MATCH (p)-[:LOCATED_AT]->(n:ProcessNode)
OPTIONAL MATCH (p)-[:ABOUT]->(e:Event)
OPTIONAL MATCH (p)-[:ABOUT]->(d:Document)
OPTIONAL MATCH (p)-[:CONCERNS]->(q:Party)
WITH p, t, status, n, e, d, q ORDER BY p.id
RETURN p.id AS problem, t.kind AS kind, t.id AS type, t.zh AS zh, t.en AS en,
       t.severity AS severity, n.id AS node, n.zh AS node_zh, n.en AS node_en, e.id AS event,
       d.id AS document, q.id AS party, p.found AS found, p.found_on AS found_on,
       coalesce(p.found_by, t.kind) AS found_by, status, p.description AS description,
       p._vanished AS vanished
