//: title: {zh: "质量评查：去掉行的关系 OPENED（Lead）", en: "Quality review of a case: remove the rows' relationships OPENED to Lead"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Review {key: key})
MATCH (t:Lead)-[r:OPENED]->(n)
DELETE r
