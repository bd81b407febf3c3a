//: title: {zh: "倾向性问题：去掉行的关系 LOCATED_AT（ProcessNode）", en: "Recurring problem pattern: remove the rows' relationships LOCATED_AT to ProcessNode"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Pattern {key: key})
MATCH (n)-[r:LOCATED_AT]->(t:ProcessNode)
DELETE r
