//: title: {zh: "记下触及案件的批次", en: "Note the batch that touched cases"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string}}
UNWIND $keys AS key
MATCH (c:Case {key: key})
SET c._touched = $batch
