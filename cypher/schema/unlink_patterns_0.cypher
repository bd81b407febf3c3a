//: title: {zh: "倾向性问题：去掉行的关系 OF_TYPE（ProblemType）", en: "Recurring problem pattern: remove the rows' relationships OF_TYPE to ProblemType"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Pattern {key: key})
MATCH (n)-[r:OF_TYPE]->(t:ProblemType)
DELETE r
