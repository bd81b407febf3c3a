//: title: {zh: "质量评查：标记来源中已消失的行", en: "Quality review of a case: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Review {key: key})
SET n._vanished = $batch
