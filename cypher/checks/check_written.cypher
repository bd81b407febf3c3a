//: title: {zh: "检查已写入的时钟和问题", en: "Clocks and problems that checks have written for cases"}
//: doc:
//:   zh: tally 为上次检查各关口、数据规则的计数（JSON）；clocks 为 [键, 指纹, 规则, 种类, 结果, 已逾期, 暂定]；problems 为 [键, 指纹, 类别, 已消除, 所据数值, 处置[]]。
//:   en: >-
//:     tally is what the last check counted of gates and data rules (JSON); clocks are [key, hash, rule, kind, status, overdue, provisional]; problems [key, hash, kind of
//:     supervision, closed, values, dispositions [[status, values]]].
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//: returns:
//:   key: "string"
//:   tally: "string"
//:   clocks: "any"
//:   problems: "any"
//: budget: {rows: 100000, ms: 10000}
UNWIND $cases AS key
MATCH (c:Case {key: key})
RETURN c.key AS key, c._tally AS tally,
       [(c)<-[:RUNS_ON]-(k:Clock) |
         [k.key, k._hash, k.rule, k.kind, k.status, k.overdue, k.provisional]] AS clocks,
       [(c)<-[:FOUND_IN]-(p:Problem)-[:OF_TYPE]->(t:ProblemType) WHERE p.rulebook IS NOT NULL |
         [p.key, p._hash, t.kind, p.closed_on IS NOT NULL, p.values,
          [(p)-[:DISPOSED_AS]->(s:Disposition) | [s.status, s.values]]]] AS problems
