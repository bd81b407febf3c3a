//: title: {zh: "期限、关口：补写关系 FINDS（type）", en: "Time limit or gate of the rulebook: relationships FINDS of column type"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:TimeLimit {key: row.key})
MATCH (t:ProblemType {key: row.target})
MERGE (n)-[r:FINDS]->(t)
SET r._batch = row._batch, r._row = row._row
