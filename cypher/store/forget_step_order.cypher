//: title: {zh: 去掉线索的步骤顺序, en: Remove the order of steps of leads}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (:Lead {key: key})-[:HAS_STEP]->(:Step)-[r:NEXT]->(:Step)
DELETE r
