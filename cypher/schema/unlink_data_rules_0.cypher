//: title: {zh: "数据规则：去掉行的关系 FINDS（ProblemType）", en: "Data rule: remove the rows' relationships FINDS to ProblemType"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:DataRule {key: key})
MATCH (n)-[r:FINDS]->(t:ProblemType)
DELETE r
