//: title: {zh: "案件清单", en: "Cases that match the filters, in order of their id"}
//: params:
//:   type: {type: string, default: null, example: PR}
//:   unit: {type: string, default: null, example: U01}
//:   node: {type: string, default: null, example: PR11}
//:   since: {type: date, default: null, example: 2024-01-01}
//:   until: {type: date, default: null, example: 2024-06-30}
//:   status: {type: string, default: null, example: OPEN}
//:   day: {type: date, default: null, example: 2025-12-31}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//:   limit: {type: integer, default: 50, example: 50}
//: returns:
//:   total: "integer"
//:   case: "string"
//:   source: "string"
//:   type: "string"
//:   unit: "string"
//:   department: "string"
//:   matter: "string"
//:   accepted: "date"
//:   closed: "date"
//:   status: "string"
//:   cause: "string"
//:   outcome: "string"
//:   vanished: "string"
//: budget: {rows: 1000000, ms: 2000}
MATCH (c:Case)
WHERE (c.known IS NULL OR c.known <= $as_of)
  AND ($type IS NULL OR c.type = $type)
  AND ($source IS NULL OR c.source = $source)
  AND ($since IS NULL OR c.accepted_on >= $since)
  AND ($until IS NULL OR c.accepted_on <= $until)
  AND ($status IS NULL
       OR ($status = 'CLOSED' AND c.closed IS NOT NULL AND ($day IS NULL OR c.closed <= $day))
       OR ($status = 'OPEN' AND (c.closed IS NULL OR ($day IS NOT NULL AND c.closed > $day))))
  AND ($unit IS NULL OR EXISTS { MATCH (c)-[:HANDLED_AT]->(u:Unit) WHERE u.id = $unit })
  AND ($node IS NULL OR EXISTS { MATCH (c)<-[:OF]-(e:Event)-[:AT]->(n:ProcessNode) WHERE n.id = $node AND e.known <= $as_of })
WITH c ORDER BY c.id, c.source
WITH collect(c) AS found
WITH size(found) AS total, CASE WHEN $limit = 0 THEN found ELSE found[0..$limit] END AS page
UNWIND range(0, size(page) - 1) AS place
WITH total, place, page[place] AS c
OPTIONAL MATCH (c)-[:HANDLED_AT]->(u:Unit)
OPTIONAL MATCH (c)-[:HANDLED_IN]->(d:Department)
OPTIONAL MATCH (c)-[:PART_OF]->(m:Matter)
WITH total, place, c, u, d, m,
     CASE WHEN c.closed IS NOT NULL AND ($day IS NULL OR c.closed <= $day) THEN c.closed END AS ended
RETURN total, c.id AS case, c.source AS source, c.type AS type, u.id AS unit, d.id AS department,
       m.id AS matter, c.accepted_on AS accepted, ended AS closed,
       CASE WHEN ended IS NULL THEN 'OPEN' ELSE 'CLOSED' END AS status, c.cause AS cause,
       CASE WHEN ended IS NOT NULL THEN c.outcome END AS outcome,
       c._vanished AS vanished
ORDER BY place
