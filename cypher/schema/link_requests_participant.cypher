//: title: {zh: "申请：补写关系 MADE（participant）", en: "Request of a participant: relationships MADE of column participant"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Request {key: row.key})
MATCH (t:Participant {key: row.target})
MERGE (t)-[r:MADE]->(n)
SET r._batch = row._batch, r._row = row._row
