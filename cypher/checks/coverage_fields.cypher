//: title: {zh: "案卡项目及其数量", en: "Card fields of the store, and how often each is filled"}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   field: "string"
//:   n: "integer"
//: budget: {rows: 10000, ms: 10000}
MATCH (f:FieldValue)
WHERE $source IS NULL OR f.source = $source
RETURN f.field AS field, count(*) AS n
ORDER BY field
