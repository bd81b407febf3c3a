//: title: {zh: 重建案件的事件顺序, en: Rebuild the order of events of cases}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (:Case {key: key})<-[:OF]-(e:Event)
WITH key, e ORDER BY key, e.occurred_on, e.occurred IS NOT NULL, e.occurred, e.key
WITH key, collect(e) AS es
WHERE size(es) > 1
UNWIND range(0, size(es) - 2) AS i
WITH es[i] AS a, es[i + 1] AS b
MERGE (a)-[:NEXT]->(b)
