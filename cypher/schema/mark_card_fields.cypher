//: title: {zh: "案卡项目：标记来源中已消失的行", en: "Card field as entered: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:FieldValue {key: key})
SET n._vanished = $batch
