//: title: {zh: "回复：去掉行的关系 ANSWERS（Notice）", en: "Reply of the handling department: remove the rows' relationships ANSWERS to Notice"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Reply {key: key})
MATCH (n)-[r:ANSWERS]->(t:Notice)
DELETE r
