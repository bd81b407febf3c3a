//: title: {zh: "节点事件：标记来源中已消失的行", en: "Event at a procedural node: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Event {key: key})
SET n._vanished = $batch
