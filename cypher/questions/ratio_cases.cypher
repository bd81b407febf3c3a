//: title: {zh: "案-件比的“案”：受理审查逮捕、受理审查起诉及其中采取逮捕措施的", en: "Cases accepted for arrest review and for prosecution review, and those of the latter with an arrest"}
//: params:
//:   since: {type: date, default: null, example: 2025-01-01}
//:   until: {type: date, default: null, example: 2025-06-30}
//:   day: {type: date, example: 2025-12-31}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   arrest_reviews: "integer"
//:   prosecution_reviews: "integer"
//:   arrested: "integer"
//: budget: {rows: 1, ms: 3000}
MATCH (c:Case)
WHERE c.type IN ['AR', 'PR']
  AND (c.known IS NULL OR c.known <= $as_of)
  AND ($source IS NULL OR c.source = $source)
  AND ($since IS NULL OR c.accepted_on >= $since)
  AND ($until IS NULL OR c.accepted_on <= $until)
WITH c.type AS type, EXISTS {
  MATCH (c)-[:HAS_PARTY]->(p:Party)-[:UNDER]->(m:Measure)
  WHERE m.kind = 'ARREST' AND m.from <= $day
} AS arrested
RETURN sum(CASE WHEN type = 'AR' THEN 1 ELSE 0 END) AS arrest_reviews,
       sum(CASE WHEN type = 'PR' THEN 1 ELSE 0 END) AS prosecution_reviews,
       sum(CASE WHEN type = 'PR' AND arrested THEN 1 ELSE 0 END) AS arrested
