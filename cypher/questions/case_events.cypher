//: title: {zh: "案件的节点事件", en: "Events of a case in order of time"}
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   event: "string"
//:   node: "string"
//:   zh: "string"
//:   en: "string"
//:   occurred: "datetime"
//:   occurred_on: "date"
//:   outcome: "string"
//:   person: "string"
//:   department: "string"
//:   party: "string"
//:   vanished: "string"
//: budget: {rows: 10000, ms: 50}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
MATCH (c)<-[:OF]-(e:Event)-[:AT]->(n:ProcessNode)
WHERE e.known <= $as_of
OPTIONAL MATCH (e)-[:BY]->(h:Person)
OPTIONAL MATCH (e)-[:DONE_IN]->(d:Department)
OPTIONAL MATCH (e)-[:CONCERNS]->(p:Party)
WITH e, n, h, d, p ORDER BY e.occurred_on, e.occurred IS NOT NULL, e.occurred, e.key
RETURN e.id AS event, n.id AS node, n.zh AS zh, n.en AS en, e.occurred AS occurred,
       e.occurred_on AS occurred_on, e.outcome AS outcome, h.id AS person, d.id AS department,
       p.id AS party, e._vanished AS vanished
