//: title: {zh: "库中的期限规则", en: "Deadline rules of the store"}
//: doc: {zh: "batch 是最近写入该规则的批次。", en: "batch is the one that wrote the rule last."}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   key: "string"
//:   rule: "string"
//:   source: "string"
//:   zh: "string"
//:   en: "string"
//:   definition: "string"
//:   batch: "string"
//: budget: {rows: 1000, ms: 100}
MATCH (r:DeadlineRule)
WHERE $source IS NULL OR r.source = $source
RETURN r.key AS key, r.id AS rule, r.source AS source, r.zh AS zh, r.en AS en,
       r.definition AS definition, r._batch AS batch
ORDER BY key
