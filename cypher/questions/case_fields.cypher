//: title: {zh: "案件的案卡项目", en: "Card fields of a case as entered"}
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   field_value: "string"
//:   field: "string"
//:   value: "string"
//:   entered: "date"
//:   party: "string"
//:   vanished: "string"
//: budget: {rows: 10000, ms: 50}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
MATCH (c)<-[:ON]-(f:FieldValue)
WHERE f.known IS NULL OR f.known <= $as_of
OPTIONAL MATCH (f)-[:ON]->(p:Party)
RETURN f.id AS field_value, f.field AS field, f.value AS value, f.entered_on AS entered,
       p.id AS party, f._vanished AS vanished
ORDER BY field_value
