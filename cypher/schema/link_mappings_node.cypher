//: title: {zh: "指标—节点映射：补写关系 POINTS_AT（node）", en: "Indicator-to-node mapping: relationships POINTS_AT of column node"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Mapping {key: row.key})
MATCH (t:ProcessNode {key: row.target})
MERGE (n)-[r:POINTS_AT]->(t)
SET r._batch = row._batch, r._row = row._row
