//: title: {zh: "指标值：写入或更新行及其关系", en: "Indicator value: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:IndicatorValue {key: row.key})
SET n = row.props
WITH n, row
MATCH (t0:Indicator {key: row.`indicator`})
MERGE (n)-[r0:OF]->(t0)
SET r0._batch = row.props._batch, r0._row = row.props._row
WITH n, row
OPTIONAL MATCH (t1:Unit {key: row.`unit`})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  MERGE (n)-[r1:FOR]->(t1)
  SET r1._batch = row.props._batch, r1._row = row.props._row)
