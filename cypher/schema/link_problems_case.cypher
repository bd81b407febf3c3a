//: title: {zh: "问题：补写关系 FOUND_IN（case）", en: "Problem (finding): relationships FOUND_IN of column case"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Problem {key: row.key})
MATCH (t:Case {key: row.target})
MERGE (n)-[r:FOUND_IN]->(t)
SET r._batch = row._batch, r._row = row._row
