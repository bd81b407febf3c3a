//: title: {zh: "涉案财物：去掉行的关系 SEIZED_IN（Case）", en: "Case-related property: remove the rows' relationships SEIZED_IN to Case"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Property {key: key})
MATCH (n)-[r:SEIZED_IN]->(t:Case)
DELETE r
