//: title: {zh: "人员：补写关系 MEMBER_OF（department）", en: "Member of staff: relationships MEMBER_OF of column department"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Person {key: row.key})
MATCH (t:Department {key: row.target})
MERGE (n)-[r:MEMBER_OF]->(t)
SET r._batch = row._batch, r._row = row._row
