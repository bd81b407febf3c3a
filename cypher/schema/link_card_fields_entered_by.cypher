//: title: {zh: "案卡项目：补写关系 ENTERED_BY（entered_by）", en: "Card field as entered: relationships ENTERED_BY of column entered_by"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:FieldValue {key: row.key})
MATCH (t:Person {key: row.target})
MERGE (n)-[r:ENTERED_BY]->(t)
SET r._batch = row._batch, r._row = row._row
