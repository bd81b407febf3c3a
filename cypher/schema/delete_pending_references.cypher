//: title: {zh: "待补关系：删除节点", en: "Reference of a loaded row whose target is not there yet: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:PendingReference {key: key})
DETACH DELETE n
