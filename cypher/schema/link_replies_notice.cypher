//: title: {zh: "回复：补写关系 ANSWERS（notice）", en: "Reply of the handling department: relationships ANSWERS of column notice"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Reply {key: row.key})
MATCH (t:Notice {key: row.target})
MERGE (n)-[r:ANSWERS]->(t)
SET r._batch = row._batch, r._row = row._row
