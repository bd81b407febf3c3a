//: title: {zh: "计入模式的问题", en: "The problems that patterns count, with case and matter"}
//: params:
//:   type: {type: string, default: null, example: P11}
//:   node: {type: string, default: null, example: PR11}
//:   unit: {type: string, default: null, example: U01}
//:   statuses: {type: "list<string>", default: [HIT, CONFIRMED], example: [HIT, CONFIRMED]}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   problem: "string"
//:   kind: "string"
//:   type: "string"
//:   node: "string"
//:   case: "string"
//:   matter: "string"
//:   known: "datetime"
//:   found: "date"
//: budget: {rows: 1000000, ms: 4000}
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
OPTIONAL MATCH (c)-[:PART_OF]->(m:Matter)
RETURN p.id AS problem, t.kind AS kind, t.id AS type, n.id AS node, c.id AS case, m.id AS matter,
       p.known AS known, p.found_on AS found
