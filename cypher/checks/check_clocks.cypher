//: title: {zh: "案件的期限时钟", en: "Clocks of cases as the last check wrote them"}
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//: returns:
//:   case: "string"
//:   party: "string"
//:   rule: "string"
//:   round: "integer"
//:   kind: "string"
//:   status: "string"
//:   overdue: "boolean"
//:   provisional: "boolean"
//:   began: "date"
//:   due: "date"
//:   ended: "date"
//: budget: {rows: 1000000, ms: 10000}
UNWIND $cases AS key
MATCH (c:Case {key: key})<-[:RUNS_ON]-(k:Clock)
OPTIONAL MATCH (k)-[:RUNS_ON]->(p:Party)
RETURN c.id AS case, p.id AS party, k.rule AS rule, k.round AS round, k.kind AS kind,
       k.status AS status, k.overdue AS overdue, k.provisional AS provisional,
       k.start_on AS began, k.due_on AS due, k.ended_on AS ended
ORDER BY case, rule, party, round
