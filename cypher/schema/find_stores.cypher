//: title: {zh: "库：按编号查找", en: "Facts about this store: find by id"}
//: params: {id: {type: string, example: x}, source: {type: string, default: null}}
//: returns: {key: string}
//: budget: {rows: 100, ms: 20}
MATCH (n:Store {id: $id})
WHERE $source IS NULL OR n.source = $source
RETURN n.key AS key
ORDER BY key
