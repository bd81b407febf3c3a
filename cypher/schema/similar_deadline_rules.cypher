//: title: {zh: "期限规则：相近的编号", en: "Deadline rule of a profile: ids that begin alike"}
//: params: {prefix: {type: string, example: x}}
//: returns: {id: string}
//: budget: {rows: 5, ms: 50}
MATCH (n:DeadlineRule) WHERE n.id STARTS WITH $prefix
RETURN DISTINCT n.id AS id
ORDER BY id LIMIT 5
