//: title: {zh: "具有某属性值的案件", en: "Cases whose attribute, or an event of which, has a value"}
//: params:
//:   name: {type: string, example: attr_channel}
//:   values: {type: "list<string>", example: [Internet]}
//:   of: {type: string, default: case, example: case}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   case: "string"
//: budget: {rows: 1000000, ms: 4000}
MATCH (c:Case)
WHERE (c.known IS NULL OR c.known <= $as_of)
  AND ($source IS NULL OR c.source = $source)
  AND (($of = 'case' AND c[$name] IN $values)
       OR ($of = 'event' AND EXISTS { MATCH (c)<-[:OF]-(e:Event) WHERE e.known <= $as_of AND e[$name] IN $values }))
RETURN c.key AS case
