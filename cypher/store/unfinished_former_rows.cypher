//: title: {zh: 若干批次替换下来的旧值, en: Former values that some batches replaced}
//: params: {batches: {type: "list<string>", example: [B00001]}}
//: returns: {label: string, values: string}
//: budget: {rows: 10000000, ms: 60000}
MATCH (f:FormerRow) WHERE f._batch IN $batches
RETURN f.label AS label, f.values AS values
