//: title: {zh: "profile 中命名的结局", en: "Named outcomes of a source"}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   outcome: "string"
//:   zh: "string"
//:   en: "string"
//:   definition: "string"
//: budget: {rows: 1000, ms: 100}
MATCH (o:Outcome)
WHERE $source IS NULL OR o.source = $source
RETURN o.id AS outcome, o.zh AS zh, o.en AS en, o.definition AS definition
ORDER BY outcome
