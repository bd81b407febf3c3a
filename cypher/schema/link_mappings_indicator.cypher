//: title: {zh: "指标—节点映射：补写关系 MAPS（indicator）", en: "Indicator-to-node mapping: relationships MAPS of column indicator"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Mapping {key: row.key})
MATCH (t:Indicator {key: row.target})
MERGE (n)-[r:MAPS]->(t)
SET r._batch = row._batch, r._row = row._row
