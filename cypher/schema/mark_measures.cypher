//: title: {zh: "强制措施：标记来源中已消失的行", en: "Coercive measure: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Measure {key: key})
SET n._vanished = $batch
