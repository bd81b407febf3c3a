//: title: {zh: "预警：补写关系 SIGNALS（indicator_value）", en: "Alert: relationships SIGNALS of column indicator_value"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Alert {key: row.key})
MATCH (t:IndicatorValue {key: row.target})
MERGE (n)-[r:SIGNALS]->(t)
SET r._batch = row._batch, r._row = row._row
