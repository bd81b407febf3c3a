//: title: {zh: "这些案件中案-件比计入的每一件", en: "Every item that the counted activities make of the given cases"}
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//:   points: {type: "list<map>", example: [{activity: EXTENSION, node: rulebook/PR15, acts: [], each: true}]}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   case: "string"
//:   event: "string"
//:   node: "string"
//:   activity: "string"
//:   day: "date"
//: budget: {rows: 10000, ms: 50}
UNWIND $cases AS key
MATCH (c:Case {key: key})<-[:OF]-(e:Event)-[:AT]->(n:ProcessNode)
WHERE e.known <= $as_of
UNWIND $points AS point
WITH c, e, n, point
WHERE n.key = point.node AND (size(point.acts) = 0 OR coalesce(e.outcome, '-') IN point.acts)
WITH c, e, n, point
ORDER BY e.occurred_on, e.id
WITH c, n, point.activity AS activity,
     CASE WHEN point.each THEN toString(e.occurred_on) ELSE '' END AS one,
     collect(e)[0] AS first
RETURN c.id AS case, first.id AS event, n.id AS node, activity, first.occurred_on AS day
ORDER BY day, case, event, activity
