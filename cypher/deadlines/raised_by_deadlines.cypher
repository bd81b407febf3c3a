//: title: {zh: "由 profile 期限规则提出的问题", en: "Problems of cases that deadline rules of profiles raised"}
//: doc:
//:   zh: checked 表示检查也写过该问题；closed 表示已消除。
//:   en: "checked: a check wrote the problem too; closed: its ground is gone."
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//: returns:
//:   case: "string"
//:   problem: "string"
//:   rule: "string"
//:   checked: "boolean"
//:   closed: "boolean"
//: budget: {rows: 1000000, ms: 10000}
UNWIND $cases AS key
MATCH (c:Case {key: key})<-[:FOUND_IN]-(p:Problem)-[:RAISED_BY]->(r:DeadlineRule)
RETURN c.key AS case, p.key AS problem, r.key AS rule, p.rulebook IS NOT NULL AS checked,
       p.closed_on IS NOT NULL AS closed
ORDER BY case, problem, rule
