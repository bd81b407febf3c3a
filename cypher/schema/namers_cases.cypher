//: title: {zh: "件（系统案件）：指向这些节点的行", en: "Case: one numbered file in the system: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Case {key: key})
RETURN n.key AS key,
       [(n)<-[:FOLLOWS]-(x:Case) | ['Case', 'follows', x.key, x._batch, x._row]] +
       [(n)-[:HAS_PARTY]->(x:Party) | ['Party', 'case', x.key, x._batch, x._row]] +
       [(n)<-[:OF]-(x:Event) | ['Event', 'case', x.key, x._batch, x._row]] +
       [(n)<-[:OF]-(x:Document) | ['Document', 'case', x.key, x._batch, x._row]] +
       [(n)<-[:ON]-(x:FieldValue) | ['FieldValue', 'case', x.key, x._batch, x._row]] +
       [(n)<-[:FOUND_IN]-(x:Problem) | ['Problem', 'case', x.key, x._batch, x._row]] +
       [(n)<-[:ABOUT]-(x:Lead) | ['Lead', 'case', x.key, x._batch, x._row]] +
       [(n)<-[:OF]-(x:Review) | ['Review', 'case', x.key, x._batch, x._row]] +
       [(n)<-[:TAKES_PART_IN]-(x:Participant) | ['Participant', 'case', x.key, x._batch, x._row]] +
       [(n)<-[:MADE_IN]-(x:Request) | ['Request', 'case', x.key, x._batch, x._row]] +
       [(n)<-[:SEIZED_IN]-(x:Property) | ['Property', 'case', x.key, x._batch, x._row]] +
       [(n)<-[:RUNS_ON]-(x:Clock) | ['Clock', 'case', x.key, x._batch, x._row]] AS namers
