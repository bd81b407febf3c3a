//: title: {zh: "指标值：去掉行的关系 FOR（Unit）", en: "Indicator value: remove the rows' relationships FOR to Unit"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:IndicatorValue {key: key})
MATCH (n)-[r:FOR]->(t:Unit)
DELETE r
