//: title: {zh: "申请：去掉行的关系 MADE（Participant）", en: "Request of a participant: remove the rows' relationships MADE to Participant"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Request {key: key})
MATCH (t:Participant)-[r:MADE]->(n)
DELETE r
