//: title: {zh: "质量评查：去掉行的关系 BY（Person）", en: "Quality review of a case: remove the rows' relationships BY to Person"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Review {key: key})
MATCH (n)-[r:BY]->(t:Person)
DELETE r
