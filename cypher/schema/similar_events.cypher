//: title: {zh: "节点事件：相近的编号", en: "Event at a procedural node: ids that begin alike"}
//: params: {prefix: {type: string, example: x}}
//: returns: {id: string}
//: budget: {rows: 5, ms: 50}
MATCH (n:Event) WHERE n.id STARTS WITH $prefix
RETURN DISTINCT n.id AS id
ORDER BY id LIMIT 5
