//: title: {zh: "线索：指向这些节点的行", en: "Lead: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Lead {key: key})
RETURN n.key AS key,
       [(n)-[:HAS_STEP]->(x:Step) | ['Step', 'lead', x.key, x._batch, x._row]] +
       [(n)-[:OPENED]->(x:Review) | ['Review', 'lead', x.key, x._batch, x._row]] +
       [(n)-[:OPENED]->(x:Correction) | ['Correction', 'lead', x.key, x._batch, x._row]] AS namers
