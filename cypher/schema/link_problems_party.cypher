//: title: {zh: "问题：补写关系 CONCERNS（party）", en: "Problem (finding): relationships CONCERNS of column party"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Problem {key: row.key})
MATCH (t:Party {key: row.target})
MERGE (n)-[r:CONCERNS]->(t)
SET r._batch = row._batch, r._row = row._row
