//: title: {zh: "流程监控通知书：相近的编号", en: "Process-monitoring notice: ids that begin alike"}
//: params: {prefix: {type: string, example: x}}
//: returns: {id: string}
//: budget: {rows: 5, ms: 50}
MATCH (n:Notice) WHERE n.id STARTS WITH $prefix
RETURN DISTINCT n.id AS id
ORDER BY id LIMIT 5
