//: title: {zh: "记下触及通知书所涉案件的批次", en: "Note the batch that touched the cases of monitoring notices"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string}}
UNWIND $keys AS key
MATCH (:Notice {key: key})<-[:ISSUED_AS]-(:Correction)-[:CORRECTS]->(:Problem)-[:FOUND_IN]->(c:Case)
SET c._touched = $batch
