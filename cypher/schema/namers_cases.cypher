//: title: {zh: "件（系统案件）：指向这些节点的行", en: "Case: one numbered file in the system: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Case {key: key})
RETURN n.key AS key,
       [(x:Case)-[:FOLLOWS]->(n) | ['Case', 'follows', x.key, x._batch, x._row]] +
       [(n)-[:HAS_PARTY]->(x:Party) | ['Party', 'case', x.key, x._batch, x._row]] +
       [(x:Event)-[:OF]->(n) | ['Event', 'case', x.key, x._batch, x._row]] +
       [(x:Document)-[:OF]->(n) | ['Document', 'case', x.key, x._batch, x._row]] +
       [(x:FieldValue)-[:ON]->(n) | ['FieldValue', 'case', x.key, x._batch, x._row]] +
       [(x:Problem)-[:FOUND_IN]->(n) | ['Problem', 'case', x.key, x._batch, x._row]] +
       [(x:Lead)-[:ABOUT]->(n) | ['Lead', 'case', x.key, x._batch, x._row]] +
       [(x:Review)-[:OF]->(n) | ['Review', 'case', x.key, x._batch, x._row]] +
       [(x:Participant)-[:TAKES_PART_IN]->(n) | ['Participant', 'case', x.key, x._batch, x._row]] +
       [(x:Request)-[:MADE_IN]->(n) | ['Request', 'case', x.key, x._batch, x._row]] +
       [(x:Property)-[:SEIZED_IN]->(n) | ['Property', 'case', x.key, x._batch, x._row]] +
       [(x:Clock)-[:RUNS_ON]->(n) | ['Clock', 'case', x.key, x._batch, x._row]] AS namers
