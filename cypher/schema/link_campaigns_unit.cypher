//: title: {zh: "专项评查活动：补写关系 HELD_AT（unit）", en: "Review campaign: relationships HELD_AT of column unit"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Campaign {key: row.key})
MATCH (t:Unit {key: row.target})
MERGE (n)-[r:HELD_AT]->(t)
SET r._batch = row._batch, r._row = row._row
