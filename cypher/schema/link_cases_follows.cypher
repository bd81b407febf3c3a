//: title: {zh: "件（系统案件）：补写关系 FOLLOWS（follows）", en: "Case: one numbered file in the system: relationships FOLLOWS of column follows"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Case {key: row.key})
MATCH (t:Case {key: row.target})
MERGE (n)-[r:FOLLOWS]->(t)
SET r._batch = row._batch, r._row = row._row
