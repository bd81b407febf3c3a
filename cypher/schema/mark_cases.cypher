//: title: {zh: "件（系统案件）：标记来源中已消失的行", en: "Case: one numbered file in the system: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Case {key: key})
SET n._vanished = $batch
