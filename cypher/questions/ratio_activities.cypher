//: title: {zh: "案-件比计入的活动件数", en: "Items of each counted activity: once per case and node, or once a day where each day counts"}
//: params:
//:   points: {type: "list<map>", example: [{activity: EXTENSION, node: rulebook/PR15, acts: [], each: true}]}
//:   since: {type: date, default: null, example: 2025-01-01}
//:   until: {type: date, default: null, example: 2025-06-30}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   activity: "string"
//:   items: "integer"
//: budget: {rows: 100, ms: 3000}
UNWIND $points AS point
MATCH (n:ProcessNode {key: point.node})<-[:AT]-(e:Event)-[:OF]->(c:Case)
WHERE e.known <= $as_of
  AND (size(point.acts) = 0 OR coalesce(e.outcome, '-') IN point.acts)
  AND ($source IS NULL OR c.source = $source)
WITH point.activity AS activity, n.key AS node, c.key AS case,
     CASE WHEN point.each THEN toString(e.occurred_on) ELSE '' END AS one,
     min(e.occurred_on) AS day
WHERE ($since IS NULL OR day >= $since) AND ($until IS NULL OR day <= $until)
RETURN activity, count(*) AS items
ORDER BY activity
