//: title: {zh: "程序性节点：标记来源中已消失的行", en: "Procedural node: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:ProcessNode {key: key})
SET n._vanished = $batch
