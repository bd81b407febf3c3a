//: title: {zh: "罪名：去掉行的关系 CHARGED_WITH（Party）", en: "Charge against a party: remove the rows' relationships CHARGED_WITH to Party"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Charge {key: key})
MATCH (t:Party)-[r:CHARGED_WITH]->(n)
DELETE r
