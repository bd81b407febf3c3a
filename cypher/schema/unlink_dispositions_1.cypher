//: title: {zh: "处置：去掉行的关系 BY（Person）", en: "What a person decided on a problem: remove the rows' relationships BY to Person"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Disposition {key: key})
MATCH (n)-[r:BY]->(t:Person)
DELETE r
