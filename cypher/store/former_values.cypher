//: title: {zh: "若干行的旧值", en: "Former values of some rows of a label"}
//: params: {label: {type: string, example: Case}, keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, values: string, types: "list<string>"}
//: budget: {rows: 1000000, ms: 5000}
UNWIND $keys AS key
MATCH (f:FormerRow {node_key: key})
WHERE f.label = $label
RETURN f.node_key AS key, f.values AS values, f._types AS types
