//: title: {zh: "各节点经过与重复的案件数", en: "Cases that passed or repeated each node, of the given cases"}
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   key: "string"
//:   node: "string"
//:   zh: "string"
//:   en: "string"
//:   case_group: "string"
//:   seq: "integer"
//:   conditional: "boolean"
//:   type: "string"
//:   source: "string"
//:   passed: "integer"
//:   repeated: "integer"
//: budget: {rows: 100000, ms: 5000}
UNWIND $cases AS key
MATCH (c:Case {key: key})<-[:OF]-(e:Event)-[:AT]->(n:ProcessNode)
WHERE e.known <= $as_of
OPTIONAL MATCH (e)-[:CONCERNS]->(p:Party)
WITH n, c, coalesce(p.key, '') AS party,
     CASE WHEN n.decision THEN '' ELSE coalesce(e.outcome, '') END AS act, count(*) AS times
WITH n, c, max(times) AS times
RETURN n.key AS key, n.id AS node, n.zh AS zh, n.en AS en, n.case_group AS case_group,
       n.seq AS seq, n.conditional AS conditional, c.type AS type, c.source AS source,
       count(*) AS passed, sum(CASE WHEN times > 1 THEN 1 ELSE 0 END) AS repeated
