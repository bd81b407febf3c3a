//: title: {zh: "指标值：补写关系 OF（indicator）", en: "Indicator value: relationships OF of column indicator"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:IndicatorValue {key: row.key})
MATCH (t:Indicator {key: row.target})
MERGE (n)-[r:OF]->(t)
SET r._batch = row._batch, r._row = row._row
