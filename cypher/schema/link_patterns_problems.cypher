//: title: {zh: "倾向性问题：补写关系 INSTANCE_OF（problems）", en: "Recurring problem pattern: relationships INSTANCE_OF of column problems"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Pattern {key: row.key})
MATCH (t:Problem {key: row.target})
MERGE (t)-[r:INSTANCE_OF]->(n)
SET r._batch = row._batch, r._row = row._row
