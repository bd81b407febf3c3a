//: title: {zh: "检察院：删除节点", en: "Procuratorate: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Unit {key: key})
DETACH DELETE n
