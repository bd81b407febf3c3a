//: title: {zh: "问题类型：删除节点", en: "Problem type: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:ProblemType {key: key})
DETACH DELETE n
