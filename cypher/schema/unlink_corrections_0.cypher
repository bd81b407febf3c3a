//: title: {zh: "纠正：去掉行的关系 CORRECTS（Problem）", en: "Correction order: remove the rows' relationships CORRECTS to Problem"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Correction {key: key})
MATCH (n)-[r:CORRECTS]->(t:Problem)
DELETE r
