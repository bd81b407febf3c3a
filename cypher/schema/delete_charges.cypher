//: title: {zh: "罪名：删除节点", en: "Charge against a party: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Charge {key: key})
DETACH DELETE n
