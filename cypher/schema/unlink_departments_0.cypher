//: title: {zh: "部门：去掉行的关系 IN（Unit）", en: "Department: remove the rows' relationships IN to Unit"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Department {key: key})
MATCH (n)-[r:IN]->(t:Unit)
DELETE r
