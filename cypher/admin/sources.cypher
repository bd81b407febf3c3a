//: title: {zh: 库中的来源, en: Sources in the store}
//: returns: {source: string}
//: mode: admin
MATCH (b:Batch) WITH DISTINCT b.source AS source WHERE source IS NOT NULL RETURN source ORDER BY source
