//: title: {zh: "部门：指向这些节点的行", en: "Department: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Department {key: key})
RETURN n.key AS key,
       [(n)<-[:MEMBER_OF]-(x:Person) | ['Person', 'department', x.key, x._batch, x._row]] +
       [(n)<-[:HANDLED_IN]-(x:Case) | ['Case', 'department', x.key, x._batch, x._row]] +
       [(n)<-[:DONE_IN]-(x:Event) | ['Event', 'department', x.key, x._batch, x._row]] +
       [(n)<-[:ADDRESSED_TO]-(x:Correction) | ['Correction', 'department', x.key, x._batch, x._row]] +
       [(n)<-[:ADDRESSED_TO]-(x:Notice) | ['Notice', 'department', x.key, x._batch, x._row]] AS namers
