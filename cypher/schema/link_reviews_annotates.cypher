//: title: {zh: "质量评查：补写关系 ANNOTATES（annotates）", en: "Quality review of a case: relationships ANNOTATES of column annotates"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (n:Review {key: row.key})
MATCH (t:IndicatorValue {key: row.target})
MERGE (n)-[r:ANNOTATES]->(t)
SET r._batch = row._batch, r._row = row._row
