//: title: {zh: "线索：去掉行的关系 ABOUT（Case）", en: "Lead: remove the rows' relationships ABOUT to Case"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Lead {key: key})
MATCH (n)-[r:ABOUT]->(t:Case)
DELETE r
