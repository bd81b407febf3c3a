//: title: {zh: "质量评查：去掉行的关系 ANNOTATES（IndicatorValue）", en: "Quality review of a case: remove the rows' relationships ANNOTATES to IndicatorValue"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Review {key: key})
MATCH (n)-[r:ANNOTATES]->(t:IndicatorValue)
DELETE r
