//: title: {zh: "记下触及纠正所涉案件的批次", en: "Note the batch that touched the cases of corrections"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string}}
UNWIND $keys AS key
MATCH (:Correction {key: key})-[:CORRECTS]->(:Problem)-[:FOUND_IN]->(c:Case)
SET c._touched = $batch
