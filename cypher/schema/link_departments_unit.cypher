//: title: {zh: "部门：补写关系 IN（unit）", en: "Department: relationships IN of column unit"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Department {key: row.key})
MATCH (t:Unit {key: row.target})
MERGE (n)-[r:IN]->(t)
SET r._batch = row._batch, r._row = row._row
