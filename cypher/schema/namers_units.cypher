//: title: {zh: "检察院：指向这些节点的行", en: "Procuratorate: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:Unit {key: key})
RETURN n.key AS key,
       [(x:Unit)-[:SUBORDINATE_TO]->(n) | ['Unit', 'parent', x.key, x._batch, x._row]] +
       [(x:Department)-[:IN]->(n) | ['Department', 'unit', x.key, x._batch, x._row]] +
       [(x:Case)-[:HANDLED_AT]->(n) | ['Case', 'unit', x.key, x._batch, x._row]] +
       [(x:Lead)-[:RAISED_AT]->(n) | ['Lead', 'unit', x.key, x._batch, x._row]] +
       [(x:Campaign)-[:HELD_AT]->(n) | ['Campaign', 'unit', x.key, x._batch, x._row]] +
       [(x:IndicatorValue)-[:FOR]->(n) | ['IndicatorValue', 'unit', x.key, x._batch, x._row]] AS namers
