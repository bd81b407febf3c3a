//: title: {zh: "件（系统案件）：去掉行的关系 HANDLED_AT（Unit）", en: "Case: one numbered file in the system: remove the rows' relationships HANDLED_AT to Unit"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Case {key: key})
MATCH (n)-[r:HANDLED_AT]->(t:Unit)
DELETE r
