//: title: {zh: "诉讼参与人：删除节点", en: "Participant in a case: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Participant {key: key})
DETACH DELETE n
