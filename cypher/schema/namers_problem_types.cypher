//: title: {zh: "问题类型：指向这些节点的行", en: "Problem type: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:ProblemType {key: key})
RETURN n.key AS key,
       [(n)<-[:OF_TYPE]-(x:Problem) | ['Problem', 'type', x.key, x._batch, x._row]] +
       [(n)<-[:OF_TYPE]-(x:Pattern) | ['Pattern', 'type', x.key, x._batch, x._row]] +
       [(n)<-[:FINDS]-(x:DataRule) | ['DataRule', 'type', x.key, x._batch, x._row]] +
       [(n)<-[:FINDS]-(x:TimeLimit) | ['TimeLimit', 'type', x.key, x._batch, x._row]] AS namers
