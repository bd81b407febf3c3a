//: title: {zh: "一行的旧值", en: "Former values of a row"}
//: params: {label: {type: string, example: Case}, key: {type: string, example: demo/x}}
//: returns: {former: string, batch: string, values: string}
//: budget: {rows: 10000, ms: 50}
MATCH (f:FormerRow {node_key: $key})
WHERE f.label = $label
RETURN f.key AS former, f._batch AS batch, f.values AS values
ORDER BY former
