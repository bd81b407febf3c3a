//: title: {zh: "指标—节点映射：按编号查找", en: "Indicator-to-node mapping: find by id"}
//: params: {id: {type: string, example: x}, source: {type: string, default: null}}
//: returns: {key: string}
//: budget: {rows: 100, ms: 20}
MATCH (n:Mapping {id: $id})
WHERE $source IS NULL OR n.source = $source
RETURN n.key AS key
ORDER BY key
