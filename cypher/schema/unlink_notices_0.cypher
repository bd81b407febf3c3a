//: title: {zh: "流程监控通知书：去掉行的关系 ISSUED_AS（Correction）", en: "Process-monitoring notice: remove the rows' relationships ISSUED_AS to Correction"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Notice {key: key})
MATCH (t:Correction)-[r:ISSUED_AS]->(n)
DELETE r
