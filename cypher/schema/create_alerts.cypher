//: title: {zh: "预警：写入新行及其关系", en: "Alert: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Alert)
SET n = row.props
WITH n, row
OPTIONAL MATCH (t0:IndicatorValue {key: coalesce(row.`indicator_value`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:SIGNALS {_batch: row.props._batch, _row: row.props._row}]->(t0))
