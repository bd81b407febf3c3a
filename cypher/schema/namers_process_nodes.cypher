//: title: {zh: "程序性节点：指向这些节点的行", en: "Procedural node: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:ProcessNode {key: key})
RETURN n.key AS key,
       [(n)<-[:AT]-(x:Event) | ['Event', 'node', x.key, x._batch, x._row]] +
       [(n)<-[:LOCATED_AT]-(x:Problem) | ['Problem', 'node', x.key, x._batch, x._row]] +
       [(n)<-[:WATCHES]-(x:MonitoringRule) | ['MonitoringRule', 'node', x.key, x._batch, x._row]] +
       [(n)<-[:POINTS_AT]-(x:Mapping) | ['Mapping', 'node', x.key, x._batch, x._row]] +
       [(n)<-[:LOCATED_AT]-(x:Pattern) | ['Pattern', 'node', x.key, x._batch, x._row]] +
       [(n)<-[:WATCHES]-(x:DataRule) | ['DataRule', 'nodes', x.key, x._batch, x._row]] +
       [(n)<-[:WATCHES]-(x:TimeLimit) | ['TimeLimit', 'nodes', x.key, x._batch, x._row]] AS namers
