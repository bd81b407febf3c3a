//: title: {zh: "案件的涉案人员", en: "Parties of a case with their charges and measures (pseudonyms only)"}
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//:   day: {type: date, default: null, example: 2025-12-31}
//: returns:
//:   party: "string"
//:   pseudonym: "string"
//:   status: "string"
//:   minor: "boolean"
//:   charges: "list<string>"
//:   measures: "list<string>"
//:   vanished: "string"
//: budget: {rows: 10000, ms: 50}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
MATCH (c)-[:HAS_PARTY]->(p:Party)
OPTIONAL MATCH (p)-[:CHARGED_WITH]->(g:Charge)
WITH p, collect(DISTINCT g.code) AS charges
OPTIONAL MATCH (p)-[:UNDER]->(m:Measure)
WHERE $day IS NULL OR m.from <= $day
WITH p, charges, collect(DISTINCT m.kind) AS measures
RETURN p.id AS party, p.identity AS pseudonym, p.status AS status, p.minor AS minor, charges,
       measures, p._vanished AS vanished
ORDER BY party
