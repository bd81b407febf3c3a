//: title: {zh: "指标值：删除节点", en: "Indicator value: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:IndicatorValue {key: key})
DETACH DELETE n
