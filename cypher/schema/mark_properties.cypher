//: title: {zh: "涉案财物：标记来源中已消失的行", en: "Case-related property: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Property {key: key})
SET n._vanished = $batch
