//: title: {zh: "各来源的批次及其提供的列", en: "Batches of the sources with the columns they supplied"}
//: doc: {zh: "log 表示外部日志。", en: "log: the batch is a foreign log."}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   source: "string"
//:   batch: "string"
//:   log: "boolean"
//:   done: "boolean"
//:   supplied: "list<string>"
//: budget: {rows: 100000, ms: 1000}
MATCH (b:Batch)
WHERE ($source IS NULL OR b.source = $source) AND b.undone IS NULL AND b.undoes IS NULL
RETURN b.source AS source, b.id AS batch, b.profile IS NOT NULL AS log, b.state = 'DONE' AS done,
       coalesce(b.columns, []) AS supplied
ORDER BY source, batch
