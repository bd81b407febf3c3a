//: title: {zh: "法条：删除节点", en: "Article of a version of a law: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:LegalArticle {key: key})
DETACH DELETE n
