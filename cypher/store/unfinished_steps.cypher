//: title: {zh: "若干批次触及的线索", en: "Leads with steps of some batches"}
//: params: {batches: {type: "list<string>", example: [B00001]}}
//: returns: {key: string}
//: budget: {rows: 10000000, ms: 60000}
MATCH (e:Step) WHERE e._batch IN $batches
MATCH (e)<-[:HAS_STEP]-(p:Lead)
RETURN DISTINCT p.key AS key
