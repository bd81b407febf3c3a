//: title: {zh: "人员：标记来源中已消失的行", en: "Member of staff: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Person {key: key})
SET n._vanished = $batch
