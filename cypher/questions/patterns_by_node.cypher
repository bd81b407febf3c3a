//: title: {zh: "反复出现的问题（类型与节点）", en: "Problems by type and node: cases, handlers, months and kinds of supervision"}
//: params:
//:   type: {type: string, default: null, example: P11}
//:   node: {type: string, default: null, example: PR11}
//:   unit: {type: string, default: null, example: U01}
//:   statuses: {type: "list<string>", default: [HIT, CONFIRMED], example: [HIT, CONFIRMED]}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   type: "string"
//:   zh: "string"
//:   en: "string"
//:   node: "string"
//:   cases: "integer"
//:   handlers: "integer"
//:   months: "integer"
//:   kinds: "list<string>"
//:   problems: "integer"
//: budget: {rows: 10000, ms: 3000}
MATCH (t:ProblemType)<-[:OF_TYPE]-(p:Problem)-[:FOUND_IN]->(c:Case)
WHERE p.known <= $as_of
  AND ($source IS NULL OR p.source = $source)
  AND ($type IS NULL OR t.id = $type)
  AND ($unit IS NULL OR EXISTS { MATCH (c)-[:HANDLED_AT]->(u:Unit) WHERE u.id = $unit })
OPTIONAL MATCH (p)-[:DISPOSED_AS]->(s:Disposition) WHERE s.known <= $as_of
WITH t, p, c, s ORDER BY s.known, s.key
WITH t, p, c, collect(s.status) AS said
WITH t, p, c, CASE WHEN size(said) > 0 THEN said[size(said) - 1]
     WHEN p.closed_on IS NOT NULL AND coalesce(p.closed, $as_of) <= $as_of THEN 'CLOSED'
     ELSE 'HIT' END AS status
WHERE status IN $statuses
OPTIONAL MATCH (p)-[:LOCATED_AT]->(n:ProcessNode)
WITH t, p, c, n
WHERE $node IS NULL OR n.id = $node
OPTIONAL MATCH (c)-[:HANDLED_BY]->(h:Person)
WITH t.id AS type, t.zh AS zh, t.en AS en, n.id AS node, count(DISTINCT c.key) AS cases,
     count(DISTINCT h.key) AS handlers,
     count(DISTINCT substring(toString(p.found_on), 0, 7)) AS months,
     collect(DISTINCT coalesce(p.found_by, t.kind)) AS kinds, count(DISTINCT p.key) AS problems
RETURN type, zh, en, node, cases, handlers, months, kinds, problems
ORDER BY type, coalesce(node, '')
