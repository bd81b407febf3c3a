//: title: {zh: "预警：去掉行的关系 SIGNALS（IndicatorValue）", en: "Alert: remove the rows' relationships SIGNALS to IndicatorValue"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Alert {key: key})
MATCH (n)-[r:SIGNALS]->(t:IndicatorValue)
DELETE r
