//: title: {zh: "节点事件：去掉行的关系 CONCERNS（Party）", en: "Event at a procedural node: remove the rows' relationships CONCERNS to Party"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Event {key: key})
MATCH (n)-[r:CONCERNS]->(t:Party)
DELETE r
