//: title: {zh: "处置：标记来源中已消失的行", en: "What a person decided on a problem: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Disposition {key: key})
SET n._vanished = $batch
