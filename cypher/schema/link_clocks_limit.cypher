//: title: {zh: "期限时钟：补写关系 GOVERNED_BY（limit）", en: "Clock: one round of a time limit on a case or party: relationships GOVERNED_BY of column limit"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Clock {key: row.key})
MATCH (t:TimeLimit {key: row.target})
MERGE (n)-[r:GOVERNED_BY]->(t)
SET r._batch = row._batch, r._row = row._row
