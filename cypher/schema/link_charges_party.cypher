//: title: {zh: "罪名：补写关系 CHARGED_WITH（party）", en: "Charge against a party: relationships CHARGED_WITH of column party"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Charge {key: row.key})
MATCH (t:Party {key: row.target})
MERGE (t)-[r:CHARGED_WITH]->(n)
SET r._batch = row._batch, r._row = row._row
