//: title: {zh: "强制措施：补写关系 UNDER（party）", en: "Coercive measure: relationships UNDER of column party"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Measure {key: row.key})
MATCH (t:Party {key: row.target})
MERGE (t)-[r:UNDER]->(n)
SET r._batch = row._batch, r._row = row._row
