//: title: {zh: "即将届满和已逾期的期限", en: "Running clocks that end by a day, the overdue ones among them"}
//: doc:
//:   zh: 按上次检查写入的时钟；round 大于 1 表示期限曾重新计算。各步依据用 anguan clock explain 查看。
//:   en: "As the last check wrote them; a round above 1 has been restarted. Steps: anguan clock explain."
//: params:
//:   until: {type: date, example: 2026-01-07}
//:   unit: {type: string, default: null, example: U01}
//:   department: {type: string, default: null, example: U01-H1}
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   due: "date"
//:   case: "string"
//:   party: "string"
//:   rule: "string"
//:   zh: "string"
//:   en: "string"
//:   kind: "string"
//:   round: "integer"
//:   overdue: "boolean"
//:   provisional: "boolean"
//:   began: "date"
//:   unit: "string"
//:   department: "string"
//: budget: {rows: 1000000, ms: 3000}
MATCH (k:Clock)-[:RUNS_ON]->(c:Case)
WHERE k.status = 'RUNNING' AND k.due_on <= $until
  AND ($source IS NULL OR c.source = $source)
  AND ($unit IS NULL OR EXISTS { MATCH (c)-[:HANDLED_AT]->(w:Unit) WHERE w.id = $unit })
  AND ($department IS NULL OR EXISTS { MATCH (c)-[:HANDLED_IN]->(w:Department) WHERE w.id = $department })
OPTIONAL MATCH (k)-[:RUNS_ON]->(p:Party)
OPTIONAL MATCH (k)-[:GOVERNED_BY]->(t:TimeLimit)
OPTIONAL MATCH (c)-[:HANDLED_AT]->(u:Unit)
OPTIONAL MATCH (c)-[:HANDLED_IN]->(d:Department)
RETURN k.due_on AS due, c.id AS case, p.id AS party, k.rule AS rule, t.zh AS zh, t.en AS en,
       k.kind AS kind, k.round AS round, k.overdue AS overdue, k.provisional AS provisional,
       k.start_on AS began, u.id AS unit, d.id AS department
ORDER BY due, case, rule, coalesce(party, ''), round
