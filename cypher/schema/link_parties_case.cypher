//: title: {zh: "涉案人员（案中人）：补写关系 HAS_PARTY（case）", en: "Party: a person in a case: relationships HAS_PARTY of column case"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Party {key: row.key})
MATCH (t:Case {key: row.target})
MERGE (t)-[r:HAS_PARTY]->(n)
SET r._batch = row._batch, r._row = row._row
