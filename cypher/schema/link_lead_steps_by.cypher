//: title: {zh: "线索步骤：补写关系 BY（by）", en: "Step of a lead: relationships BY of column by"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Step {key: row.key})
MATCH (t:Person {key: row.target})
MERGE (n)-[r:BY]->(t)
SET r._batch = row._batch, r._row = row._row
