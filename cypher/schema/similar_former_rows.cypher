//: title: {zh: "旧值：相近的编号", en: "Former values of a row that a later batch changed: ids that begin alike"}
//: params: {prefix: {type: string, example: x}}
//: returns: {id: string}
//: budget: {rows: 5, ms: 50}
MATCH (n:FormerRow) WHERE n.id STARTS WITH $prefix
RETURN DISTINCT n.id AS id
ORDER BY id LIMIT 5
