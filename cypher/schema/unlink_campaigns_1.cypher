//: title: {zh: "专项评查活动：去掉行的关系 ANNOTATES（IndicatorValue）", en: "Review campaign: remove the rows' relationships ANNOTATES to IndicatorValue"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Campaign {key: key})
MATCH (n)-[r:ANNOTATES]->(t:IndicatorValue)
DELETE r
