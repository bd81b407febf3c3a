//: title: {zh: "线索步骤：删除节点", en: "Step of a lead: delete nodes"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Step {key: key})
DETACH DELETE n
