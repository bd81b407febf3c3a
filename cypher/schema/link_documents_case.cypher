//: title: {zh: "法律文书：补写关系 OF（case）", en: "Legal document: relationships OF of column case"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Document {key: row.key})
MATCH (t:Case {key: row.target})
MERGE (n)-[r:OF]->(t)
SET r._batch = row._batch, r._row = row._row
