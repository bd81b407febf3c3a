//: title: {zh: "线索：相近的编号", en: "Lead: ids that begin alike"}
//: params: {prefix: {type: string, example: x}}
//: returns: {id: string}
//: budget: {rows: 5, ms: 50}
MATCH (n:Lead) WHERE n.id STARTS WITH $prefix
RETURN DISTINCT n.id AS id
ORDER BY id LIMIT 5
