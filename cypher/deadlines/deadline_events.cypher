//: title: {zh: "某些活动的各次发生", en: "Occurrences of activities of a source, by case"}
//: doc:
//:   zh: 活动是来源中的名称；已对应规则库节点的事件以 attr_activity 保留其名称。
//:   en: >-
//:     An activity is named as in the source; an event that stands for a rulebook node keeps that
//:     name as attr_activity.
//: params:
//:   source: {type: string, example: demo}
//:   activities: {type: "list<string>", example: [AR08]}
//: returns:
//:   case: "string"
//:   activity: "string"
//:   known: "datetime"
//:   at: "datetime"
//:   day: "date"
//:   offset: "integer"
//: budget: {rows: 1000000, ms: 5000}
MATCH (c:Case)<-[:OF]-(e:Event)-[:AT]->(n:ProcessNode)
WHERE e.source = $source AND coalesce(e.attr_activity, n.id) IN $activities
RETURN c.key AS case, coalesce(e.attr_activity, n.id) AS activity, e.known AS known,
       e.occurred AS at, e.occurred_on AS day, e.occurred_offset AS offset
ORDER BY case, known, e.key
