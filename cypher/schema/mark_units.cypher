//: title: {zh: "检察院：标记来源中已消失的行", en: "Procuratorate: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Unit {key: key})
SET n._vanished = $batch
