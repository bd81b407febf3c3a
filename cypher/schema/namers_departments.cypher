//: title: {zh: "部门：指向这些节点的行", en: "Department: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Department {key: key})
RETURN n.key AS key,
       [(x:Person)-[:MEMBER_OF]->(n) | ['Person', 'department', x.key, x._batch, x._row]] +
       [(x:Case)-[:HANDLED_IN]->(n) | ['Case', 'department', x.key, x._batch, x._row]] +
       [(x:Event)-[:DONE_IN]->(n) | ['Event', 'department', x.key, x._batch, x._row]] +
       [(x:Correction)-[:ADDRESSED_TO]->(n) | ['Correction', 'department', x.key, x._batch, x._row]] +
       [(x:Notice)-[:ADDRESSED_TO]->(n) | ['Notice', 'department', x.key, x._batch, x._row]] AS namers
