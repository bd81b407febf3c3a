//: title: {zh: "流程监控通知书：补写关系 ADDRESSED_TO（department）", en: "Process-monitoring notice: relationships ADDRESSED_TO of column department"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Notice {key: row.key})
MATCH (t:Department {key: row.target})
MERGE (n)-[r:ADDRESSED_TO]->(t)
SET r._batch = row._batch, r._row = row._row
