//: title: {zh: "指标值：补写关系 FOR（unit）", en: "Indicator value: relationships FOR of column unit"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:IndicatorValue {key: row.key})
MATCH (t:Unit {key: row.target})
MERGE (n)-[r:FOR]->(t)
SET r._batch = row._batch, r._row = row._row
