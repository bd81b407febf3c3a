//: title: {zh: "专项评查活动：去掉行的关系 HELD_AT（Unit）", en: "Review campaign: remove the rows' relationships HELD_AT to Unit"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Campaign {key: key})
MATCH (n)-[r:HELD_AT]->(t:Unit)
DELETE r
