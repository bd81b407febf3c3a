//: title: {zh: "件（系统案件）：去掉行的关系 FOLLOWS（Case）", en: "Case: one numbered file in the system: remove the rows' relationships FOLLOWS to Case"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Case {key: key})
MATCH (n)-[r:FOLLOWS]->(t:Case)
DELETE r
