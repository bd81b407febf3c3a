//: title: {zh: "记下触及财物所在案件的批次", en: "Note the batch that touched the cases of property"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string}}
UNWIND $keys AS key
MATCH (:Property {key: key})-[:SEIZED_IN]->(c:Case)
SET c._touched = $batch
