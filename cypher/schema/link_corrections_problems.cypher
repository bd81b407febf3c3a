//: title: {zh: "纠正：补写关系 CORRECTS（problems）", en: "Correction order: relationships CORRECTS of column problems"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Correction {key: row.key})
MATCH (t:Problem {key: row.target})
MERGE (n)-[r:CORRECTS]->(t)
SET r._batch = row._batch, r._row = row._row
