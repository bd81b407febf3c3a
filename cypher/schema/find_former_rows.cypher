//: title: {zh: "旧值：按编号查找", en: "Former values of a row that a later batch changed: find by id"}
//: params: {id: {type: string, example: x}, source: {type: string, default: null}}
//: returns: {key: string}
//: budget: {rows: 100, ms: 20}
MATCH (n:FormerRow {id: $id})
WHERE $source IS NULL OR n.source = $source
RETURN n.key AS key
ORDER BY key
