//: title: {zh: "一个问题及其处置", en: "One problem with what was decided on it"}
//: params:
//:   problem: {type: string, example: demo/P7-000001}
//: returns:
//:   problem: "string"
//:   type: "string"
//:   case: "string"
//:   found: "date"
//:   values: "string"
//:   batch: "string"
//:   row: "integer"
//:   dispositions: "any"
//: budget: {rows: 1, ms: 50}
MATCH (p:Problem {key: $problem})-[:OF_TYPE]->(t:ProblemType)
MATCH (p)-[:FOUND_IN]->(c:Case)
RETURN p.id AS problem, t.id AS type, c.key AS case, p.found_on AS found, p.values AS values,
       p._batch AS batch, p._row AS row,
       [(p)-[:DISPOSED_AS]->(s:Disposition) | [s.key, s.status, s.known]] AS dispositions
