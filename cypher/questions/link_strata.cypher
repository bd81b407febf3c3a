//: title: {zh: "案件的分层属性", en: "Values of the properties that stratify the cases of a source"}
//: params:
//:   source: {type: string, default: null, example: demo}
//:   properties: {type: "list<string>", example: [attr_channel]}
//: returns:
//:   case: "string"
//:   values: "any"
//: budget: {rows: 1000000, ms: 4000}
MATCH (c:Case)
WHERE $source IS NULL OR c.source = $source
RETURN c.key AS case, [name IN $properties | c[name]] AS values
