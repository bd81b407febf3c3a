//: title: {zh: "去掉若干步骤前后的顺序", en: "Remove the order before and after some steps"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (:Step {key: key})-[r:NEXT]-(:Step)
DELETE r
