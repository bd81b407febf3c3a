//: title: {zh: "线索：补写关系 RAISED_AT（unit）", en: "Lead: relationships RAISED_AT of column unit"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Lead {key: row.key})
MATCH (t:Unit {key: row.target})
MERGE (n)-[r:RAISED_AT]->(t)
SET r._batch = row._batch, r._row = row._row
