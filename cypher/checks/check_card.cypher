//: title: {zh: "检查用：案件及其当事人", en: "For a check: cases with their parties, charges and measures"}
//: doc:
//:   zh: parties 为 [键, 编号, 未成年, 身份假名, 罪名[[代码, 阶段]], 强制措施[[编号, 种类, 起, 止, 决定机关]]]。
//:   en: >-
//:     parties are [key, id, minor, pseudonym, charges [[code, stage]],
//:     measures [[id, kind, from, to, decided_by]]].
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//: returns:
//:   key: "string"
//:   props: "map"
//:   matter: "string"
//:   department: "string"
//:   handler_department: "string"
//:   parties: "any"
//: budget: {rows: 100000, ms: 10000}
UNWIND $cases AS key
MATCH (c:Case {key: key})
OPTIONAL MATCH (c)-[:PART_OF]->(m:Matter)
OPTIONAL MATCH (c)-[:HANDLED_IN]->(d:Department)
OPTIONAL MATCH (c)-[:HANDLED_BY]->(:Person)-[:MEMBER_OF]->(h:Department)
RETURN c.key AS key, properties(c) AS props, m.key AS matter, d.key AS department,
       h.key AS handler_department,
       [(c)-[:HAS_PARTY]->(p:Party) |
         [p.key, p.id, p.minor, p.identity,
          [(p)-[:CHARGED_WITH]->(g:Charge) | [g.code, g.stage]],
          [(p)-[:UNDER]->(s:Measure) | [s.id, s.kind, s.`from`, s.`to`, s.decided_by]]]] AS parties
