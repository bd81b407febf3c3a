//: title: {zh: "被采取某种强制措施的当事人", en: "Parties under a measure that had started by then, from when to when"}
//: params:
//:   kind: {type: string, example: ARREST}
//:   day: {type: date, example: 2025-12-31}
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   case: "string"
//:   party: "string"
//:   since: "date"
//:   until: "date"
//: budget: {rows: 1000000, ms: 3000}
MATCH (c:Case)-[:HAS_PARTY]->(p:Party)-[:UNDER]->(m:Measure)
WHERE m.kind = $kind AND m.from <= $day AND ($source IS NULL OR p.source = $source)
RETURN c.key AS case, p.key AS party, m.from AS since, m.to AS until
