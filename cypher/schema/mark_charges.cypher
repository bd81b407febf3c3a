//: title: {zh: "罪名：标记来源中已消失的行", en: "Charge against a party: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Charge {key: key})
SET n._vanished = $batch
