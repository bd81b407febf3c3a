//: title: {zh: "这些行的待补关系", en: "The references of some rows that wait for their target"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {pending: string, label: string, node_key: string, column: string, wanted: string}
//: budget: {rows: 1000000, ms: 2000}
UNWIND $keys AS key
MATCH (p:PendingReference {node_key: key})
RETURN p.key AS pending, p.label AS label, p.node_key AS node_key, p.column AS column,
       p.wanted AS wanted
