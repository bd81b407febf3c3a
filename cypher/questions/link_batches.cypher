//: title: {zh: "来源的批次", en: "Finished batches of a source"}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   batch: "string"
//: budget: {rows: 10000, ms: 100}
MATCH (b:Batch)
WHERE b.state = 'DONE' AND ($source IS NULL OR b.source = $source)
  AND b.undone IS NULL AND b.undoes IS NULL
RETURN b.id AS batch
ORDER BY batch
