//: title: {zh: "案件的当事人", en: "Parties of the given cases"}
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//: returns:
//:   case: "string"
//:   parties: "list<string>"
//: budget: {rows: 1000000, ms: 3000}
UNWIND $cases AS key
MATCH (c:Case {key: key})-[:HAS_PARTY]->(p:Party)
RETURN c.key AS case, collect(p.key) AS parties
