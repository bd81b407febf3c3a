//: title: {zh: "同一案的全部案件及是否采取逮捕措施", en: "A case and the others of its matter, and whether a party of each was arrested"}
//: params:
//:   case: {type: string, example: demo/C7-2024-000001}
//:   day: {type: date, example: 2025-12-31}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   key: "string"
//:   case: "string"
//:   type: "string"
//:   accepted: "date"
//:   arrested: "boolean"
//: budget: {rows: 1000, ms: 50}
MATCH (c:Case {key: $case})
OPTIONAL MATCH (c)-[:PART_OF]->(m:Matter)<-[:PART_OF]-(o:Case)
WHERE o.key <> c.key
WITH c, collect(DISTINCT o) AS others
UNWIND [c] + others AS f
WITH f
WHERE f.known IS NULL OR f.known <= $as_of
RETURN f.key AS key, f.id AS case, f.type AS type, f.accepted_on AS accepted, EXISTS {
  MATCH (f)-[:HAS_PARTY]->(p:Party)-[:UNDER]->(a:Measure)
  WHERE a.kind = 'ARREST' AND a.from <= $day
} AS arrested
ORDER BY accepted, case
