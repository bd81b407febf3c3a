//: title: {zh: "问题：去掉行的关系 LOCATED_AT（ProcessNode）", en: "Problem (finding): remove the rows' relationships LOCATED_AT to ProcessNode"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Problem {key: key})
MATCH (n)-[r:LOCATED_AT]->(t:ProcessNode)
DELETE r
