//: title: {zh: "列式投影：案件", en: "For the columns: cases of a source, all or those touched after a batch"}
//: params:
//:   source: {type: string, default: null, example: demo}
//:   batch: {type: string, default: null, example: B00001}
//: returns:
//:   case: "string"
//:   type: "string"
//:   unit: "string"
//:   department: "string"
//:   handler: "string"
//:   matter: "string"
//:   accepted: "date"
//:   closed: "date"
//:   known: "datetime"
//:   parties: "list<string>"
//: budget: {rows: 10000000, ms: 10000}
MATCH (c:Case)
WHERE ($source IS NULL OR c.source = $source)
  AND ($batch IS NULL OR c._batch > $batch OR c._touched > $batch)
OPTIONAL MATCH (c)-[:HANDLED_AT]->(u:Unit)
OPTIONAL MATCH (c)-[:HANDLED_IN]->(d:Department)
OPTIONAL MATCH (c)-[:HANDLED_BY]->(h:Person)
OPTIONAL MATCH (c)-[:PART_OF]->(m:Matter)
RETURN c.key AS case, c.type AS type, u.id AS unit, d.id AS department, h.key AS handler,
       m.key AS matter, c.accepted_on AS accepted, c.closed AS closed, c.known AS known,
       [(c)-[:HAS_PARTY]->(p:Party) | p.key] AS parties
