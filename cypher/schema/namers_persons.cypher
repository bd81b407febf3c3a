//: title: {zh: "人员：指向这些节点的行", en: "Member of staff: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Person {key: key})
RETURN n.key AS key,
       [(x:Case)-[:HANDLED_BY]->(n) | ['Case', 'handler', x.key, x._batch, x._row]] +
       [(x:Event)-[:BY]->(n) | ['Event', 'person', x.key, x._batch, x._row]] +
       [(x:FieldValue)-[:ENTERED_BY]->(n) | ['FieldValue', 'entered_by', x.key, x._batch, x._row]] +
       [(x:Problem)-[:RAISED_BY]->(n) | ['Problem', 'raised_by_person', x.key, x._batch, x._row]] +
       [(x:Disposition)-[:BY]->(n) | ['Disposition', 'person', x.key, x._batch, x._row]] +
       [(x:Step)-[:BY]->(n) | ['Step', 'by', x.key, x._batch, x._row]] +
       [(x:Review)-[:BY]->(n) | ['Review', 'reviewer', x.key, x._batch, x._row]] AS namers
