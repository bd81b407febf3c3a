//: title: {zh: "问题：补写关系 LOCATED_AT（node）", en: "Problem (finding): relationships LOCATED_AT of column node"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Problem {key: row.key})
MATCH (t:ProcessNode {key: row.target})
MERGE (n)-[r:LOCATED_AT]->(t)
SET r._batch = row._batch, r._row = row._row
