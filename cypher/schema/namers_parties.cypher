//: title: {zh: "涉案人员（案中人）：指向这些节点的行", en: "Party: a person in a case: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Party {key: key})
RETURN n.key AS key,
       [(n)-[:CHARGED_WITH]->(x:Charge) | ['Charge', 'party', x.key, x._batch, x._row]] +
       [(n)-[:UNDER]->(x:Measure) | ['Measure', 'party', x.key, x._batch, x._row]] +
       [(n)<-[:CONCERNS]-(x:Event) | ['Event', 'party', x.key, x._batch, x._row]] +
       [(n)<-[:ON]-(x:FieldValue) | ['FieldValue', 'party', x.key, x._batch, x._row]] +
       [(n)<-[:CONCERNS]-(x:Problem) | ['Problem', 'party', x.key, x._batch, x._row]] +
       [(n)<-[:RUNS_ON]-(x:Clock) | ['Clock', 'party', x.key, x._batch, x._row]] AS namers
