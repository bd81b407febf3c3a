//: title: {zh: "流程监控通知书：去掉行的关系 ADDRESSED_TO（Department）", en: "Process-monitoring notice: remove the rows' relationships ADDRESSED_TO to Department"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Notice {key: key})
MATCH (n)-[r:ADDRESSED_TO]->(t:Department)
DELETE r
