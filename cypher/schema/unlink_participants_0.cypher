//: title: {zh: "诉讼参与人：去掉行的关系 TAKES_PART_IN（Case）", en: "Participant in a case: remove the rows' relationships TAKES_PART_IN to Case"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Participant {key: key})
MATCH (n)-[r:TAKES_PART_IN]->(t:Case)
DELETE r
