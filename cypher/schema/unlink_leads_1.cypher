//: title: {zh: "线索：去掉行的关系 RAISED_AT（Unit）", en: "Lead: remove the rows' relationships RAISED_AT to Unit"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Lead {key: key})
MATCH (n)-[r:RAISED_AT]->(t:Unit)
DELETE r
