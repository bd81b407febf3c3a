//: title: {zh: "指标值：写入新行及其关系", en: "Indicator value: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:IndicatorValue)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:Indicator {key: coalesce(row.`indicator`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:OF {_batch: row.props._batch, _row: row.props._row}]->(t0))
WITH n, row
OPTIONAL MATCH (t1:Unit {key: coalesce(row.`unit`, '')})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:FOR {_batch: row.props._batch, _row: row.props._row}]->(t1))
