//: title: {zh: "法律文书：补写关系 EVIDENCED_BY（event）", en: "Legal document: relationships EVIDENCED_BY of column event"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Document {key: row.key})
MATCH (t:Event {key: row.target})
MERGE (t)-[r:EVIDENCED_BY]->(n)
SET r._batch = row._batch, r._row = row._row
