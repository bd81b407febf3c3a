//: title: {zh: "问题类型：指向这些节点的行", en: "Problem type: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:ProblemType {key: key})
RETURN n.key AS key,
       [(x:Problem)-[:OF_TYPE]->(n) | ['Problem', 'type', x.key, x._batch, x._row]] +
       [(x:Pattern)-[:OF_TYPE]->(n) | ['Pattern', 'type', x.key, x._batch, x._row]] +
       [(x:DataRule)-[:FINDS]->(n) | ['DataRule', 'type', x.key, x._batch, x._row]] +
       [(x:TimeLimit)-[:FINDS]->(n) | ['TimeLimit', 'type', x.key, x._batch, x._row]] AS namers
