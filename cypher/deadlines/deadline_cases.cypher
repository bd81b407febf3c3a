//: title: {zh: "某来源的案件及其属性", en: "Cases of a source with their attributes"}
//: params:
//:   source: {type: string, example: demo}
//: returns:
//:   key: "string"
//:   case: "string"
//:   known: "datetime"
//:   batch: "string"
//:   row: "integer"
//:   props: "map"
//: budget: {rows: 1000000, ms: 5000}
MATCH (c:Case)
WHERE c.source = $source
RETURN c.key AS key, c.id AS case, c.known AS known, c._batch AS batch, c._row AS row,
       properties(c) AS props
ORDER BY key
