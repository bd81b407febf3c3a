//: title: {zh: "来源的全部案件", en: "All cases of a source, and whether it supplies any event for them"}
//: params:
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   case: "string"
//:   type: "string"
//:   events: "boolean"
//: budget: {rows: 1000000, ms: 4000}
MATCH (c:Case)
WHERE (c.known IS NULL OR c.known <= $as_of) AND ($source IS NULL OR c.source = $source)
RETURN c.key AS case, c.type AS type,
       EXISTS { MATCH (c)<-[:OF]-(e:Event) WHERE e.known <= $as_of } AS events
