//: title: {zh: "经过某节点的案件", en: "Which of the given cases passed a node, and how often at most for one party"}
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//:   node: {type: string, example: rulebook/AR08}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   case: "string"
//:   times: "integer"
//: budget: {rows: 1000000, ms: 5000}
UNWIND $cases AS key
MATCH (c:Case {key: key})<-[:OF]-(e:Event)-[:AT]->(n:ProcessNode {key: $node})
WHERE e.known <= $as_of
OPTIONAL MATCH (e)-[:CONCERNS]->(p:Party)
WITH c, coalesce(p.key, '') AS party,
     CASE WHEN n.decision THEN '' ELSE coalesce(e.outcome, '') END AS act, count(*) AS times
RETURN c.key AS case, max(times) AS times
