//: title: {zh: "期限时钟：补写关系 RUNS_ON（party）", en: "Clock: one round of a time limit on a case or party: relationships RUNS_ON of column party"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Clock {key: row.key})
MATCH (t:Party {key: row.target})
MERGE (n)-[r:RUNS_ON]->(t)
SET r._batch = row._batch, r._row = row._row
