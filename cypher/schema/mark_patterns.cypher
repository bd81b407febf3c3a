//: title: {zh: "倾向性问题：标记来源中已消失的行", en: "Recurring problem pattern: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Pattern {key: key})
SET n._vanished = $batch
