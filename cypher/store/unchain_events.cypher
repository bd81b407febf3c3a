//: title: {zh: "去掉若干事件前后的顺序", en: "Remove the order before and after some events"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (:Event {key: key})-[r:NEXT]-(:Event)
DELETE r
