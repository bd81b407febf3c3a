//: title: {zh: "问题：去掉行的关系 RAISED_BY（Review）", en: "Problem (finding): remove the rows' relationships RAISED_BY to Review"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Problem {key: key})
MATCH (n)-[r:RAISED_BY]->(t:Review)
DELETE r
