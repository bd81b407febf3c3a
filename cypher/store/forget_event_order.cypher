//: title: {zh: 去掉案件的事件顺序, en: Remove the order of events of cases}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (:Case {key: key})<-[:OF]-(:Event)-[r:NEXT]->(:Event)
DELETE r
