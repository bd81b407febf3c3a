//: title: {zh: "等待这些节点的行", en: "The references that wait for some nodes"}
//: doc: {zh: "wanted 为 标签/键", en: "wanted is label/key"}
//: params: {wanted: {type: "list<string>", example: [Case/demo/x]}}
//: returns: {pending: string, label: string, node_key: string, column: string, wanted: string, batch: string, row: integer}
//: budget: {rows: 1000000, ms: 2000}
UNWIND $wanted AS wanted
MATCH (p:PendingReference {wanted: wanted})
RETURN p.key AS pending, p.label AS label, p.node_key AS node_key, p.column AS column,
       p.wanted AS wanted, p._batch AS batch, p._row AS row
