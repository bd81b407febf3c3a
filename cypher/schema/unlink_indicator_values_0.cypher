//: title: {zh: "指标值：去掉行的关系 OF（Indicator）", en: "Indicator value: remove the rows' relationships OF to Indicator"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:IndicatorValue {key: key})
MATCH (n)-[r:OF]->(t:Indicator)
DELETE r
