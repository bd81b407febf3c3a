//: title: {zh: "涉案人员（案中人）：去掉行的关系 HAS_PARTY（Case）", en: "Party: a person in a case: remove the rows' relationships HAS_PARTY to Case"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Party {key: key})
MATCH (t:Case)-[r:HAS_PARTY]->(n)
DELETE r
