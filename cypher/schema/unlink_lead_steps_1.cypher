//: title: {zh: "线索步骤：去掉行的关系 BY（Person）", en: "Step of a lead: remove the rows' relationships BY to Person"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Step {key: key})
MATCH (n)-[r:BY]->(t:Person)
DELETE r
