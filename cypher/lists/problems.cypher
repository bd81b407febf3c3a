//: title: {zh: "问题清单", en: "Problems that match the filters, in order of their id"}
//: params:
//:   type: {type: string, default: null, example: P11}
//:   kind: {type: string, default: null, example: PROCEDURAL}
//:   unit: {type: string, default: null, example: U01}
//:   node: {type: string, default: null, example: PR11}
//:   since: {type: date, default: null, example: 2024-01-01}
//:   until: {type: date, default: null, example: 2024-06-30}
//:   statuses: {type: "list<string>", default: null, example: [HIT, CONFIRMED]}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//:   limit: {type: integer, default: 50, example: 50}
//: returns:
//:   total: "integer"
//:   problem: "string"
//:   source: "string"
//:   kind: "string"
//:   type: "string"
//:   node: "string"
//:   case: "string"
//:   unit: "string"
//:   department: "string"
//:   found: "date"
//:   found_by: "string"
//:   status: "string"
//:   description: "string"
//:   vanished: "string"
//: budget: {rows: 1000000, ms: 2000}
MATCH (t:ProblemType)<-[:OF_TYPE]-(p:Problem)-[:FOUND_IN]->(c:Case)
WHERE p.known <= $as_of
  AND ($type IS NULL OR t.id = $type)
  AND ($kind IS NULL OR t.kind = $kind)
  AND ($source IS NULL OR p.source = $source)
  AND ($since IS NULL OR p.found_on >= $since)
  AND ($until IS NULL OR p.found_on <= $until)
  AND ($unit IS NULL OR EXISTS { MATCH (c)-[:HANDLED_AT]->(u:Unit) WHERE u.id = $unit })
  AND ($node IS NULL OR EXISTS { MATCH (p)-[:LOCATED_AT]->(n:ProcessNode) WHERE n.id = $node })
OPTIONAL MATCH (p)-[:DISPOSED_AS]->(s:Disposition) WHERE s.known <= $as_of
WITH t, p, c, s ORDER BY s.known, s.key
WITH t, p, c, collect(s.status) AS said
WITH t, p, c, CASE WHEN size(said) > 0 THEN said[size(said) - 1]
     WHEN p.closed_on IS NOT NULL AND coalesce(p.closed, $as_of) <= $as_of THEN 'CLOSED'
     ELSE 'HIT' END AS status
WHERE $statuses IS NULL OR status IN $statuses
WITH t, p, c, status ORDER BY p.id, p.source
WITH collect({t: t, p: p, c: c, status: status}) AS found
WITH size(found) AS total, CASE WHEN $limit = 0 THEN found ELSE found[0..$limit] END AS page
UNWIND range(0, size(page) - 1) AS place
WITH total, place, page[place].t AS t, page[place].p AS p, page[place].c AS c,
     page[place].status AS status
OPTIONAL MATCH (p)-[:LOCATED_AT]->(n:ProcessNode)
OPTIONAL MATCH (c)-[:HANDLED_AT]->(u:Unit)
OPTIONAL MATCH (c)-[:HANDLED_IN]->(d:Department)
RETURN total, p.id AS problem, p.source AS source, t.kind AS kind, t.id AS type, n.id AS node,
       c.id AS case, u.id AS unit, d.id AS department, p.found_on AS found,
       coalesce(p.found_by, t.kind) AS found_by, status, p.description AS description,
       p._vanished AS vanished
ORDER BY place
