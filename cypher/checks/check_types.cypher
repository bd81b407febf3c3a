//: title: {zh: "某来源的案件类型", en: "Types of the cases of a source"}
//: params:
//:   source: {type: string, example: demo}
//: returns:
//:   type: "string"
//:   n: "integer"
//: budget: {rows: 1000, ms: 5000}
MATCH (c:Case)
WHERE c.source = $source AND c.type IS NOT NULL
RETURN c.type AS type, count(*) AS n
ORDER BY type
