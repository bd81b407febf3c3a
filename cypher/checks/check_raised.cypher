//: title: {zh: "案件的问题各由哪些规则提出", en: "Problems of cases with the rules that raised them"}
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//: returns:
//:   case: "string"
//:   party: "string"
//:   problem: "string"
//:   type: "string"
//:   rule: "string"
//:   closed: "boolean"
//: budget: {rows: 1000000, ms: 10000}
UNWIND $cases AS key
MATCH (c:Case {key: key})<-[:FOUND_IN]-(p:Problem)-[:OF_TYPE]->(t:ProblemType)
MATCH (p)-[:RAISED_BY]->(r)
WHERE r.source = 'rulebook'
OPTIONAL MATCH (p)-[:CONCERNS]->(q:Party)
RETURN c.id AS case, q.id AS party, p.id AS problem, t.id AS type, r.id AS rule,
       p.closed_on IS NOT NULL AS closed
ORDER BY case, problem, rule
