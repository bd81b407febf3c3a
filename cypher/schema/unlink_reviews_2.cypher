//: title: {zh: "质量评查：去掉行的关系 IN（Campaign）", en: "Quality review of a case: remove the rows' relationships IN to Campaign"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Review {key: key})
MATCH (n)-[r:IN]->(t:Campaign)
DELETE r
