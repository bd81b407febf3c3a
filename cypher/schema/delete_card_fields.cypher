//: title: {zh: "案卡项目：删除节点", en: "Card field as entered: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:FieldValue {key: key})
DETACH DELETE n
