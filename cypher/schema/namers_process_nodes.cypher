//: title: {zh: "程序性节点：指向这些节点的行", en: "Procedural node: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:ProcessNode {key: key})
RETURN n.key AS key,
       [(x:Event)-[:AT]->(n) | ['Event', 'node', x.key, x._batch, x._row]] +
       [(x:Problem)-[:LOCATED_AT]->(n) | ['Problem', 'node', x.key, x._batch, x._row]] +
       [(x:MonitoringRule)-[:WATCHES]->(n) | ['MonitoringRule', 'node', x.key, x._batch, x._row]] +
       [(x:Mapping)-[:POINTS_AT]->(n) | ['Mapping', 'node', x.key, x._batch, x._row]] +
       [(x:Pattern)-[:LOCATED_AT]->(n) | ['Pattern', 'node', x.key, x._batch, x._row]] +
       [(x:DataRule)-[:WATCHES]->(n) | ['DataRule', 'nodes', x.key, x._batch, x._row]] +
       [(x:TimeLimit)-[:WATCHES]->(n) | ['TimeLimit', 'nodes', x.key, x._batch, x._row]] AS namers
