//: title: {zh: "一行的旧值", en: "Former values of a row"}
//: params: {key: {type: string, example: demo/x}, label: {type: string, default: null, example: Case}}
//: returns: {label: string, batch: string, values: string}
//: budget: {rows: 10000, ms: 50}
MATCH (f:FormerRow {node_key: $key})
WHERE $label IS NULL OR f.label = $label
RETURN f.label AS label, f._batch AS batch, f.values AS values
ORDER BY label, batch
