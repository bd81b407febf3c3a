//: title: {zh: "记下触及当事人所在案件的批次", en: "Note the batch that touched the cases of parties"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string}}
UNWIND $keys AS key
MATCH (c:Case)-[:HAS_PARTY]->(:Party {key: key})
SET c._touched = $batch
