//: title: {zh: "件（系统案件）：去掉行的关系 HANDLED_IN（Department）", en: "Case: one numbered file in the system: remove the rows' relationships HANDLED_IN to Department"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Case {key: key})
MATCH (n)-[r:HANDLED_IN]->(t:Department)
DELETE r
