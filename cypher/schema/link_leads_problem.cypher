//: title: {zh: "线索：补写关系 GAVE_RISE_TO（problem）", en: "Lead: relationships GAVE_RISE_TO of column problem"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Lead {key: row.key})
MATCH (t:Problem {key: row.target})
MERGE (t)-[r:GAVE_RISE_TO]->(n)
SET r._batch = row._batch, r._row = row._row
