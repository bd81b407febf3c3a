//: title: {zh: "质量评查：去掉行的关系 OF（Case）", en: "Quality review of a case: remove the rows' relationships OF to Case"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Review {key: key})
MATCH (n)-[r:OF]->(t:Case)
DELETE r
