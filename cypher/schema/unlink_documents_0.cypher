//: title: {zh: "法律文书：去掉行的关系 OF（Case）", en: "Legal document: remove the rows' relationships OF to Case"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Document {key: key})
MATCH (n)-[r:OF]->(t:Case)
DELETE r
