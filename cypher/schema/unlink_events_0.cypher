//: title: {zh: "节点事件：去掉行的关系 OF（Case）", en: "Event at a procedural node: remove the rows' relationships OF to Case"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Event {key: key})
MATCH (n)-[r:OF]->(t:Case)
DELETE r
