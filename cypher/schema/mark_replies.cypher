//: title: {zh: "回复：标记来源中已消失的行", en: "Reply of the handling department: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Reply {key: key})
SET n._vanished = $batch
