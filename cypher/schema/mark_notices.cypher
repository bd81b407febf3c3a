//: title: {zh: "流程监控通知书：标记来源中已消失的行", en: "Process-monitoring notice: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Notice {key: key})
SET n._vanished = $batch
