//: title: {zh: "列式投影：案件的事件", en: "For the columns: events of the given cases, one list per column"}
//: doc:
//:   zh: >-
//:     at 为时刻，只有日期的为日期；at、days、known 为引擎所写的文本，无时区者为 UTC（读文本
//:     比读时间值快得多）；parties 为所涉当事人键，涉及全案的为空串；departments
//:     为事件所载办理部门，persons 为办理人键（仅用于查其部门），没有的为空串。按事件键排列。
//:   en: >-
//:     at: the instant, or the date where there is no more; at, days and known as the engine writes
//:     them, without a zone in UTC: text is read much faster than values of time. parties: '' where
//:     it concerns all;
//:     departments: where it was done, persons: who did it (only to tell the department), else ''.
//:     In order of the events' keys.
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//: returns:
//:   case: "string"
//:   nodes: "list<string>"
//:   acts: "list<string>"
//:   parties: "list<string>"
//:   departments: "list<string>"
//:   persons: "list<string>"
//:   at: "list<string>"
//:   days: "list<string>"
//:   known: "list<string>"
//: budget: {rows: 100000, ms: 10000}
UNWIND $cases AS key
MATCH (c:Case {key: key})<-[:OF]-(e:Event)-[:AT]->(n:ProcessNode)
OPTIONAL MATCH (e)-[:CONCERNS]->(p:Party)
OPTIONAL MATCH (e)-[:DONE_IN]->(d:Department)
OPTIONAL MATCH (e)-[:BY]->(h:Person)
WITH c, n, e, p, d, h ORDER BY e.key
RETURN c.key AS case, collect(n.key) AS nodes, collect(coalesce(e.outcome, '')) AS acts,
       collect(coalesce(p.key, '')) AS parties, collect(coalesce(d.id, '')) AS departments,
       collect(coalesce(h.key, '')) AS persons,
       collect(toString(coalesce(e.occurred, e.occurred_on))) AS at,
       collect(toString(e.occurred_on)) AS days, collect(toString(e.known)) AS known
