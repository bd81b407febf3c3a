//: title: {zh: "批次：按编号查找", en: "Batch of loaded rows: find by id"}
//: params: {id: {type: string, example: x}, source: {type: string, default: null}}
//: returns: {key: string}
//: budget: {rows: 100, ms: 20}
MATCH (n:Batch {id: $id})
WHERE $source IS NULL OR n.source = $source
RETURN n.key AS key
ORDER BY key
