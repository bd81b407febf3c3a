//: title: {zh: "问题及其处置结论、节点和承办", en: "Problems with their status by then, node, kind of supervision, and where their case is handled"}
//: doc:
//:   zh: handler 只用于数有几名不同的承办人，从不列出。
//:   en: "handler: only to count how many distinct ones there are; never listed"
//: params:
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   problem: "string"
//:   type: "string"
//:   kind: "string"
//:   found_by: "string"
//:   node: "string"
//:   case: "string"
//:   unit: "string"
//:   department: "string"
//:   handler: "string"
//:   found: "date"
//:   status: "string"
//: budget: {rows: 1000000, ms: 5000}
MATCH (t:ProblemType)<-[:OF_TYPE]-(p:Problem)-[:FOUND_IN]->(c:Case)
WHERE p.known <= $as_of AND ($source IS NULL OR p.source = $source)
OPTIONAL MATCH (p)-[:DISPOSED_AS]->(s:Disposition) WHERE s.known <= $as_of
WITH t, p, c, s ORDER BY s.known, s.key
WITH t, p, c, collect(s.status) AS said
OPTIONAL MATCH (p)-[:LOCATED_AT]->(n:ProcessNode)
OPTIONAL MATCH (c)-[:HANDLED_AT]->(u:Unit)
OPTIONAL MATCH (c)-[:HANDLED_IN]->(d:Department)
OPTIONAL MATCH (c)-[:HANDLED_BY]->(h:Person)
RETURN p.id AS problem, t.id AS type, t.kind AS kind, coalesce(p.found_by, t.kind) AS found_by,
       n.id AS node, c.key AS case, u.id AS unit, d.id AS department, h.key AS handler,
       p.found_on AS found,
       CASE WHEN size(said) > 0 THEN said[size(said) - 1]
            WHEN p.closed_on IS NOT NULL AND coalesce(p.closed, $as_of) <= $as_of THEN 'CLOSED'
            ELSE 'HIT' END AS status
