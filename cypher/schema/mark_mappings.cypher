//: title: {zh: "指标—节点映射：标记来源中已消失的行", en: "Indicator-to-node mapping: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Mapping {key: key})
SET n._vanished = $batch
