//: title: {zh: "列式投影：节点", en: "For the columns: nodes of the rulebook and of a source"}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   key: "string"
//:   node: "string"
//:   zh: "string"
//:   en: "string"
//:   case_group: "string"
//:   seq: "integer"
//:   conditional: "boolean"
//:   decision: "boolean"
//: budget: {rows: 100000, ms: 1000}
MATCH (n:ProcessNode)
WHERE $source IS NULL OR n.source = $source OR n.source = 'rulebook'
RETURN n.key AS key, n.id AS node, n.zh AS zh, n.en AS en, n.case_group AS case_group,
       n.seq AS seq, n.conditional AS conditional, n.decision AS decision
ORDER BY key
