//: title: {zh: "问题：去掉行的关系 FOUND_IN（Case）", en: "Problem (finding): remove the rows' relationships FOUND_IN to Case"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Problem {key: key})
MATCH (n)-[r:FOUND_IN]->(t:Case)
DELETE r
