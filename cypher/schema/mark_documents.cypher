//: title: {zh: "法律文书：标记来源中已消失的行", en: "Legal document: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Document {key: key})
SET n._vanished = $batch
