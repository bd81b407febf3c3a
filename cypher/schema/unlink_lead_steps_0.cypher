//: title: {zh: "线索步骤：去掉行的关系 HAS_STEP（Lead）", en: "Step of a lead: remove the rows' relationships HAS_STEP to Lead"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Step {key: key})
MATCH (t:Lead)-[r:HAS_STEP]->(n)
DELETE r
