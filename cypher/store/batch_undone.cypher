//: title: {zh: "记下批次已被撤销", en: "Note that a batch was taken back"}
//: mode: write
//: params: {batch: {type: string}, by: {type: string}}
MATCH (b:Batch {key: $batch})
SET b.undone = $by
