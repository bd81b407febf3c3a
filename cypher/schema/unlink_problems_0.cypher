//: title: {zh: "问题：去掉行的关系 OF_TYPE（ProblemType）", en: "Problem (finding): remove the rows' relationships OF_TYPE to ProblemType"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Problem {key: key})
MATCH (n)-[r:OF_TYPE]->(t:ProblemType)
DELETE r
