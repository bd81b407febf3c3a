//: title: {zh: "指标值：标记来源中已消失的行", en: "Indicator value: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:IndicatorValue {key: key})
SET n._vanished = $batch
