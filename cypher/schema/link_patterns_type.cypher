//: title: {zh: "倾向性问题：补写关系 OF_TYPE（type）", en: "Recurring problem pattern: relationships OF_TYPE of column type"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Pattern {key: row.key})
MATCH (t:ProblemType {key: row.target})
MERGE (n)-[r:OF_TYPE]->(t)
SET r._batch = row._batch, r._row = row._row
