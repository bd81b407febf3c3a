//: title: {zh: 全部节点及其出边, en: "All nodes, each with the relationships that leave it"}
//: doc: {zh: "逐行给出，引擎不必把整图放在内存；出边为 [类型, 终点标签, 终点键]", en: "a row a node, so that no engine holds the whole graph; a relationship is [type, label and key of its end]"}
//: returns: {label: string, props: map, leaving: any}
//: budget: {rows: 100000000, ms: 600000}
MATCH (n)
RETURN labels(n)[0] AS label, properties(n) AS props,
       [(n)-[r]->(b) | [type(r), labels(b)[0], b.key]] AS leaving
