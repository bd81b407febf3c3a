//: title: {zh: "检察院：补写关系 SUBORDINATE_TO（parent）", en: "Procuratorate: relationships SUBORDINATE_TO of column parent"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Unit {key: row.key})
MATCH (t:Unit {key: row.target})
MERGE (n)-[r:SUBORDINATE_TO]->(t)
SET r._batch = row._batch, r._row = row._row
