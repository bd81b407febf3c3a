//: title: {zh: "记下触及问题所在案件的批次", en: "Note the batch that touched the cases of problems"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string}}
UNWIND $keys AS key
MATCH (:Problem {key: key})-[:FOUND_IN]->(c:Case)
SET c._touched = $batch
