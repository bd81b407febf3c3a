//: title: {zh: "线索步骤：补写关系 HAS_STEP（lead）", en: "Step of a lead: relationships HAS_STEP of column lead"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Step {key: row.key})
MATCH (t:Lead {key: row.target})
MERGE (t)-[r:HAS_STEP]->(n)
SET r._batch = row._batch, r._row = row._row
