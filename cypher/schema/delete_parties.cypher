//: title: {zh: "涉案人员（案中人）：删除节点", en: "Party: a person in a case: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Party {key: key})
DETACH DELETE n
