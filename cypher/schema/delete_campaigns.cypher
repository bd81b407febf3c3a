//: title: {zh: "专项评查活动：删除节点", en: "Review campaign: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Campaign {key: key})
DETACH DELETE n
