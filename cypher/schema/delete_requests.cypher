//: title: {zh: "申请：删除节点", en: "Request of a participant: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Request {key: key})
DETACH DELETE n
