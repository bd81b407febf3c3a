//: title: {zh: "强制措施：按编号查找", en: "Coercive measure: find by id"}
//: params: {id: {type: string, example: x}, source: {type: string, default: null}}
//: returns: {key: string}
//: budget: {rows: 100, ms: 20}
MATCH (n:Measure {id: $id})
WHERE $source IS NULL OR n.source = $source
RETURN n.key AS key
ORDER BY key
