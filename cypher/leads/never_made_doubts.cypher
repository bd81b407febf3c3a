//: title: {zh: 已确认而未成线索的实体疑点, en: Confirmed substantive doubts from monitoring that never became a lead}
//: params: {source: {type: string, default: null, example: demo}, as_of: {type: datetime, default: null}}
//: returns: {problem: string, source: string, type: string, node: string, case: string, found: date}
//: budget: {rows: 100000, ms: 2000}
MATCH (t:ProblemType {kind: 'SUBSTANTIVE'})<-[:OF_TYPE]-(p:Problem)-[:FOUND_IN]->(c:Case)
WHERE p.known <= $as_of AND p.found_by = 'PROCEDURAL' AND ($source IS NULL OR p.source = $source)
  AND NOT EXISTS { MATCH (p)-[:GAVE_RISE_TO]->(:Lead)-[:HAS_STEP]->(s:Step) WHERE s.known <= $as_of }
MATCH (p)-[:DISPOSED_AS]->(d:Disposition) WHERE d.known <= $as_of
WITH t, p, c, d ORDER BY d.known, d.key
WITH t, p, c, collect(d.status) AS said
WHERE said[size(said) - 1] = 'CONFIRMED'
OPTIONAL MATCH (p)-[:LOCATED_AT]->(n:ProcessNode)
RETURN p.id AS problem, p.source AS source, t.id AS type, n.id AS node, c.id AS case, p.found_on AS found
ORDER BY problem, source
