//: title: {zh: "申请：去掉行的关系 MADE_IN（Case）", en: "Request of a participant: remove the rows' relationships MADE_IN to Case"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Request {key: key})
MATCH (n)-[r:MADE_IN]->(t:Case)
DELETE r
