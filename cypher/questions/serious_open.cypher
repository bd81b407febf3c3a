//: title: {zh: "严重而尚未办结的问题", en: "Serious problems that are still open, with their corrections and leads"}
//: doc:
//:   zh: 严重程度不低于 severity，未被处置为非问题或数据、规则错误，也没有已办结的纠正；reported 表示已有通知并报告。
//:   en: "reported: a correction of the form notice with report was issued; open: counts, and no correction of it is closed"
//: params:
//:   severity: {type: integer, default: 3, example: 3}
//:   unit: {type: string, default: null, example: U01}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: date, default: null}
//: returns:
//:   problem: "string"
//:   type: "string"
//:   zh: "string"
//:   en: "string"
//:   kind: "string"
//:   severity: "integer"
//:   node: "string"
//:   case: "string"
//:   unit: "string"
//:   found: "date"
//:   status: "string"
//:   reported: "boolean"
//:   corrections: "list<string>"
//:   leads: "list<string>"
//: budget: {rows: 100000, ms: 3000}
MATCH (t:ProblemType)<-[:OF_TYPE]-(p:Problem)-[:FOUND_IN]->(c:Case)
WHERE t.severity >= $severity AND p.found_on <= $as_of
  AND (p.closed_on IS NULL OR p.closed_on > $as_of)
  AND ($source IS NULL OR p.source = $source)
  AND ($unit IS NULL OR EXISTS { MATCH (c)-[:HANDLED_AT]->(w:Unit) WHERE w.id = $unit })
OPTIONAL MATCH (p)-[:DISPOSED_AS]->(s:Disposition)
WHERE s.at_on <= $as_of
WITH t, p, c, s ORDER BY s.known, s.key
WITH t, p, c, collect(s.status) AS said
WITH t, p, c, CASE WHEN size(said) > 0 THEN said[size(said) - 1] ELSE 'HIT' END AS status
WHERE status IN ['HIT', 'CONFIRMED']
OPTIONAL MATCH (p)<-[:CORRECTS]-(k:Correction)
WHERE k.issued <= $as_of
WITH t, p, c, status, collect(k.id) AS corrections, collect(k.form) AS forms,
     collect(CASE WHEN k.closed <= $as_of THEN k.id END) AS done
WHERE size(done) = 0
OPTIONAL MATCH (p)-[:LOCATED_AT]->(n:ProcessNode)
OPTIONAL MATCH (c)-[:HANDLED_AT]->(u:Unit)
RETURN p.id AS problem, t.id AS type, t.zh AS zh, t.en AS en, t.kind AS kind,
       t.severity AS severity, n.id AS node, c.id AS case, u.id AS unit, p.found_on AS found,
       status, 'NOTICE_AND_REPORT' IN forms AS reported, corrections,
       [(p)-[:GAVE_RISE_TO]->(l:Lead) WHERE EXISTS { MATCH (l)-[:HAS_STEP]->(x:Step) WHERE x.at_on <= $as_of } | l.id] AS leads
ORDER BY problem, p.source
