//: title: {zh: "纠正：补写关系 ADDRESSED_TO（department）", en: "Correction order: relationships ADDRESSED_TO of column department"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Correction {key: row.key})
MATCH (t:Department {key: row.target})
MERGE (n)-[r:ADDRESSED_TO]->(t)
SET r._batch = row._batch, r._row = row._row
