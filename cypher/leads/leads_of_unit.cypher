//: title: {zh: 一个检察院的线索, en: Leads raised at a procuratorate}
//: params: {unit: {type: string, example: U01}}
//: returns: {key: string}
//: budget: {rows: 100000, ms: 200}
MATCH (l:Lead)-[:RAISED_AT]->(u:Unit {id: $unit})
RETURN l.key AS key
ORDER BY key
