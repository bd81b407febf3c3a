//: title: {zh: "处置：补写关系 DISPOSED_AS（problem）", en: "What a person decided on a problem: relationships DISPOSED_AS of column problem"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Disposition {key: row.key})
MATCH (t:Problem {key: row.target})
MERGE (t)-[r:DISPOSED_AS]->(n)
SET r._batch = row._batch, r._row = row._row
