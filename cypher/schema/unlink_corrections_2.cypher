//: title: {zh: "纠正：去掉行的关系 ADDRESSED_TO（Department）", en: "Correction order: remove the rows' relationships ADDRESSED_TO to Department"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Correction {key: key})
MATCH (n)-[r:ADDRESSED_TO]->(t:Department)
DELETE r
