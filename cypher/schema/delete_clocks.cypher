//: title: {zh: "期限时钟：删除节点", en: "Clock: one round of a time limit on a case or party: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Clock {key: key})
DETACH DELETE n
