//: title: {zh: "案卡项目：补写关系 ON（case）", en: "Card field as entered: relationships ON of column case"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:FieldValue {key: row.key})
MATCH (t:Case {key: row.target})
MERGE (n)-[r:ON]->(t)
SET r._batch = row._batch, r._row = row._row
