//: title: {zh: "倾向性问题：去掉行的关系 INSTANCE_OF（Problem）", en: "Recurring problem pattern: remove the rows' relationships INSTANCE_OF to Problem"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Pattern {key: key})
MATCH (t:Problem)-[r:INSTANCE_OF]->(n)
DELETE r
