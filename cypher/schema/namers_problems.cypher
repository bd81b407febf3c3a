//: title: {zh: "问题：指向这些节点的行", en: "Problem (finding): the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Problem {key: key})
RETURN n.key AS key,
       [(n)-[:DISPOSED_AS]->(x:Disposition) | ['Disposition', 'problem', x.key, x._batch, x._row]] +
       [(n)-[:GAVE_RISE_TO]->(x:Lead) | ['Lead', 'problem', x.key, x._batch, x._row]] +
       [(n)<-[:CORRECTS]-(x:Correction) | ['Correction', 'problems', x.key, x._batch, x._row]] +
       [(n)-[:INSTANCE_OF]->(x:Pattern) | ['Pattern', 'problems', x.key, x._batch, x._row]] AS namers
