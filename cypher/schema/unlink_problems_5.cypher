//: title: {zh: "问题：去掉行的关系 CONCERNS（Party）", en: "Problem (finding): remove the rows' relationships CONCERNS to Party"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Problem {key: key})
MATCH (n)-[r:CONCERNS]->(t:Party)
DELETE r
