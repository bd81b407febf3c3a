//: title: {zh: "处置：去掉行的关系 DISPOSED_AS（Problem）", en: "What a person decided on a problem: remove the rows' relationships DISPOSED_AS to Problem"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Disposition {key: key})
MATCH (t:Problem)-[r:DISPOSED_AS]->(n)
DELETE r
