//: title: {zh: "申请：标记来源中已消失的行", en: "Request of a participant: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Request {key: key})
SET n._vanished = $batch
