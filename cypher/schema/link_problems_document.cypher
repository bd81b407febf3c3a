//: title: {zh: "问题：补写关系 ABOUT（document）", en: "Problem (finding): relationships ABOUT of column document"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Problem {key: row.key})
MATCH (t:Document {key: row.target})
MERGE (n)-[r:ABOUT]->(t)
SET r._batch = row._batch, r._row = row._row
