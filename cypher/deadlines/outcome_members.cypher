//: title:
//:   zh: 属于某结局的案件（按活动或属性值）
//:   en: Cases of an outcome, by activity or by the value of an attribute
//: doc:
//:   zh: 给出 activity，或给出 attribute（属性名）与 values（形如 {value：…} 的列表）；of 为 case 或 event。
//:   en: >-
//:     Give activity, or attribute (a property) with values (maps {value: …}); of is case or event.
//: params:
//:   source: {type: string, example: demo}
//:   activity: {type: string, default: null, example: AR08}
//:   attribute: {type: string, default: null, example: attr_channel}
//:   values: {type: "list<map>", default: [], example: [{value: Internet}]}
//:   of: {type: string, default: case, example: case}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   case: "string"
//: budget: {rows: 1000000, ms: 5000}
MATCH (c:Case)
WHERE c.source = $source AND (c.known IS NULL OR c.known <= $as_of)
  AND (($activity IS NOT NULL AND EXISTS {
          MATCH (c)<-[:OF]-(e:Event)-[:AT]->(n:ProcessNode)
          WHERE e.known <= $as_of AND coalesce(e.attr_activity, n.id) = $activity })
    OR ($attribute IS NOT NULL AND $of = 'case' AND c[$attribute] IN [v IN $values | v.value])
    OR ($attribute IS NOT NULL AND $of = 'event' AND EXISTS {
          MATCH (c)<-[:OF]-(f:Event)
          WHERE f.known <= $as_of AND f[$attribute] IN [v IN $values | v.value] }))
RETURN c.key AS case
ORDER BY case
