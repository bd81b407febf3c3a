//: title: {zh: "财物流转：去掉行的关系 MOVED（Property）", en: "Property movement: remove the rows' relationships MOVED to Property"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:PropertyMovement {key: key})
MATCH (n)-[r:MOVED]->(t:Property)
DELETE r
