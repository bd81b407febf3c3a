//: title: {zh: "案（同一事实）：标记来源中已消失的行", en: "Matter: one set of facts in the world: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Matter {key: key})
SET n._vanished = $batch
