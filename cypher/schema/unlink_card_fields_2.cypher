//: title: {zh: "案卡项目：去掉行的关系 ENTERED_BY（Person）", en: "Card field as entered: remove the rows' relationships ENTERED_BY to Person"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:FieldValue {key: key})
MATCH (n)-[r:ENTERED_BY]->(t:Person)
DELETE r
