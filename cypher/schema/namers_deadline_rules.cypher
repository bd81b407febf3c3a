//: title: {zh: "期限规则：指向这些节点的行", en: "Deadline rule of a profile: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:DeadlineRule {key: key})
RETURN n.key AS key,
       [(n)<-[:RAISED_BY]-(x:Problem) | ['Problem', 'raised_by_deadline', x.key, x._batch, x._row]] AS namers
