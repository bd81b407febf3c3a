//: title: {zh: "记下触及线索所涉案件的批次", en: "Note the batch that touched the cases that leads are about"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string}}
UNWIND $keys AS key
MATCH (:Lead {key: key})-[:ABOUT]->(c:Case)
SET c._touched = $batch
