//: title: {zh: "profile 命名的结局及其定义", en: "Outcomes that the profile of a source names"}
//: params:
//:   source: {type: string, example: demo}
//: returns:
//:   outcome: "string"
//:   zh: "string"
//:   en: "string"
//:   definition: "string"
//:   batch: "string"
//: budget: {rows: 1000, ms: 100}
MATCH (o:Outcome)
WHERE o.source = $source
RETURN o.id AS outcome, o.zh AS zh, o.en AS en, o.definition AS definition, o._batch AS batch
ORDER BY outcome
