//: title: {zh: "问题：去掉行的关系 ABOUT（Event）", en: "Problem (finding): remove the rows' relationships ABOUT to Event"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Problem {key: key})
MATCH (n)-[r:ABOUT]->(t:Event)
DELETE r
