//: title: {zh: "人员：去掉行的关系 MEMBER_OF（Department）", en: "Member of staff: remove the rows' relationships MEMBER_OF to Department"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Person {key: key})
MATCH (n)-[r:MEMBER_OF]->(t:Department)
DELETE r
