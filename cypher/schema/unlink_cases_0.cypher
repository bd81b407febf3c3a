//: title: {zh: "件（系统案件）：去掉行的关系 PART_OF（Matter）", en: "Case: one numbered file in the system: remove the rows' relationships PART_OF to Matter"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Case {key: key})
MATCH (n)-[r:PART_OF]->(t:Matter)
DELETE r
