//: title: {zh: "法律文书：去掉行的关系 EVIDENCED_BY（Event）", en: "Legal document: remove the rows' relationships EVIDENCED_BY to Event"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Document {key: key})
MATCH (t:Event)-[r:EVIDENCED_BY]->(n)
DELETE r
