//: title: {zh: "案件概况", en: "A case: its procuratorate, department, handler and matter"}
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   key: "string"
//:   case: "string"
//:   source: "string"
//:   type: "string"
//:   accepted: "date"
//:   closed: "date"
//:   cause: "string"
//:   outcome: "string"
//:   unit: "string"
//:   department: "string"
//:   handler: "string"
//:   matter: "string"
//:   properties: "map"
//: budget: {rows: 10000, ms: 50}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
OPTIONAL MATCH (c)-[:HANDLED_AT]->(u:Unit)
OPTIONAL MATCH (c)-[:HANDLED_IN]->(d:Department)
OPTIONAL MATCH (c)-[:HANDLED_BY]->(h:Person)
OPTIONAL MATCH (c)-[:PART_OF]->(m:Matter)
RETURN c.key AS key, c.id AS case, c.source AS source, c.type AS type, c.accepted_on AS accepted,
       c.closed AS closed, c.cause AS cause, c.outcome AS outcome, u.id AS unit,
       d.id AS department, h.id AS handler, m.id AS matter, properties(c) AS properties
