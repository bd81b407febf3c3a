//: title: {zh: "外部日志各批次提供的列", en: "Columns that each batch of a foreign log supplied"}
//: params:
//:   source: {type: string, example: demo}
//: returns:
//:   batch: "string"
//:   supplied: "list<string>"
//: budget: {rows: 10000, ms: 100}
MATCH (b:Batch)
WHERE b.source = $source AND b.columns IS NOT NULL AND b.undone IS NULL
RETURN b.id AS batch, b.columns AS supplied
ORDER BY batch
