//: title: {zh: "流程监控通知书：指向这些节点的行", en: "Process-monitoring notice: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Notice {key: key})
RETURN n.key AS key,
       [(n)<-[:ANSWERS]-(x:Reply) | ['Reply', 'notice', x.key, x._batch, x._row]] AS namers
