//: title: {zh: "纠正：去掉行的关系 OPENED（Lead）", en: "Correction order: remove the rows' relationships OPENED to Lead"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Correction {key: key})
MATCH (t:Lead)-[r:OPENED]->(n)
DELETE r
