//: title: {zh: "案卡项目：去掉行的关系 ON（Case）", en: "Card field as entered: remove the rows' relationships ON to Case"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:FieldValue {key: key})
MATCH (n)-[r:ON]->(t:Case)
DELETE r
