//: title: {zh: "人员：指向这些节点的行", en: "Member of staff: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Person {key: key})
RETURN n.key AS key,
       [(n)<-[:HANDLED_BY]-(x:Case) | ['Case', 'handler', x.key, x._batch, x._row]] +
       [(n)<-[:BY]-(x:Event) | ['Event', 'person', x.key, x._batch, x._row]] +
       [(n)<-[:ENTERED_BY]-(x:FieldValue) | ['FieldValue', 'entered_by', x.key, x._batch, x._row]] +
       [(n)<-[:RAISED_BY]-(x:Problem) | ['Problem', 'raised_by_person', x.key, x._batch, x._row]] +
       [(n)<-[:BY]-(x:Disposition) | ['Disposition', 'person', x.key, x._batch, x._row]] +
       [(n)<-[:BY]-(x:Step) | ['Step', 'by', x.key, x._batch, x._row]] +
       [(n)<-[:BY]-(x:Review) | ['Review', 'reviewer', x.key, x._batch, x._row]] AS namers
