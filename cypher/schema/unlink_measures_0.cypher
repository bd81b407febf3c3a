//: title: {zh: "强制措施：去掉行的关系 UNDER（Party）", en: "Coercive measure: remove the rows' relationships UNDER to Party"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Measure {key: key})
MATCH (t:Party)-[r:UNDER]->(n)
DELETE r
