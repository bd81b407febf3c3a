//: title: {zh: "来源对案件问题状态的说法", en: "What sources claim of the state of problems of cases, with what is recorded"}
//: doc:
//:   zh: dispositions 为 [known, 键, 结论, 日期]；corrected 为纠正办结日期，replied 为对通知书的回复日期。
//:   en: >-
//:     dispositions are [known, key, status, date]; corrected are dates on which corrections were
//:     closed, replied those of replies to notices. Nothing is left out for being later than a day.
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//: returns:
//:   case: "string"
//:   key: "string"
//:   problem: "string"
//:   source: "string"
//:   claimed: "string"
//:   found: "date"
//:   known: "datetime"
//:   dispositions: "any"
//:   corrected: "any"
//:   replied: "any"
//: budget: {rows: 100000, ms: 5000}
UNWIND $cases AS case
MATCH (c:Case {key: case})<-[:FOUND_IN]-(p:Problem)
WHERE p.state IS NOT NULL
RETURN c.key AS case, p.key AS key, p.id AS problem, p.source AS source, p.state AS claimed,
       p.found_on AS found, p.known AS known,
       [(p)-[:DISPOSED_AS]->(s:Disposition) | [s.known, s.key, s.status, s.at_on]] AS dispositions,
       [(p)<-[:CORRECTS]-(k:Correction) WHERE k.closed IS NOT NULL | k.closed] AS corrected,
       [(p)<-[:CORRECTS]-(:Correction)-[:ISSUED_AS]->(:Notice)<-[:ANSWERS]-(r:Reply)
         WHERE r.at IS NOT NULL | r.at] AS replied
ORDER BY key
