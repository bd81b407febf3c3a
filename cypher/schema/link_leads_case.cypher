//: title: {zh: "线索：补写关系 ABOUT（case）", en: "Lead: relationships ABOUT of column case"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Lead {key: row.key})
MATCH (t:Case {key: row.target})
MERGE (n)-[r:ABOUT]->(t)
SET r._batch = row._batch, r._row = row._row
