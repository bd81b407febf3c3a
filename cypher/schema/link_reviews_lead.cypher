//: title: {zh: "质量评查：补写关系 OPENED（lead）", en: "Quality review of a case: relationships OPENED of column lead"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Review {key: row.key})
MATCH (t:Lead {key: row.target})
MERGE (t)-[r:OPENED]->(n)
SET r._batch = row._batch, r._row = row._row
