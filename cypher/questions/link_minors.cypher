//: title: {zh: "未成年当事人", en: "Parties who are minors"}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   case: "string"
//:   party: "string"
//: budget: {rows: 1000000, ms: 3000}
MATCH (c:Case)-[:HAS_PARTY]->(p:Party)
WHERE p.minor AND ($source IS NULL OR p.source = $source)
RETURN c.key AS case, p.key AS party
