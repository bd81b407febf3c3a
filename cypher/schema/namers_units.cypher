//: title: {zh: "检察院：指向这些节点的行", en: "Procuratorate: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Unit {key: key})
RETURN n.key AS key,
       [(n)<-[:SUBORDINATE_TO]-(x:Unit) | ['Unit', 'parent', x.key, x._batch, x._row]] +
       [(n)<-[:IN]-(x:Department) | ['Department', 'unit', x.key, x._batch, x._row]] +
       [(n)<-[:HANDLED_AT]-(x:Case) | ['Case', 'unit', x.key, x._batch, x._row]] +
       [(n)<-[:RAISED_AT]-(x:Lead) | ['Lead', 'unit', x.key, x._batch, x._row]] +
       [(n)<-[:HELD_AT]-(x:Campaign) | ['Campaign', 'unit', x.key, x._batch, x._row]] +
       [(n)<-[:FOR]-(x:IndicatorValue) | ['IndicatorValue', 'unit', x.key, x._batch, x._row]] AS namers
