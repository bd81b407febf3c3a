//: title: {zh: "若干批次触及的案件", en: "Cases with events of some batches"}
//: params: {batches: {type: "list<string>", example: [B00001]}}
//: returns: {key: string}
//: budget: {rows: 10000000, ms: 60000}
MATCH (e:Event) WHERE e._batch IN $batches
MATCH (e)-[:OF]->(p:Case)
RETURN DISTINCT p.key AS key
