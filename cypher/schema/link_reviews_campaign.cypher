//: title: {zh: "质量评查：补写关系 IN（campaign）", en: "Quality review of a case: relationships IN of column campaign"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Review {key: row.key})
MATCH (t:Campaign {key: row.target})
MERGE (n)-[r:IN]->(t)
SET r._batch = row._batch, r._row = row._row
