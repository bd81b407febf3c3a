//: title: {zh: "诉讼参与人：标记来源中已消失的行", en: "Participant in a case: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Participant {key: key})
SET n._vanished = $batch
