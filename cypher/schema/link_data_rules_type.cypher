//: title: {zh: "数据规则：补写关系 FINDS（type）", en: "Data rule: relationships FINDS of column type"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:DataRule {key: row.key})
MATCH (t:ProblemType {key: row.target})
MERGE (n)-[r:FINDS]->(t)
SET r._batch = row._batch, r._row = row._row
