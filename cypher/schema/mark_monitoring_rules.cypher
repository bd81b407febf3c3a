//: title: {zh: "监控规则：标记来源中已消失的行", en: "Monitoring rule: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:MonitoringRule {key: key})
SET n._vanished = $batch
