//: title: {zh: "预警：写入或更新行及其关系", en: "Alert: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Alert {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:SIGNALS]->(:IndicatorValue) | r0] | DELETE r)
WITH n, row
OPTIONAL MATCH (t0:IndicatorValue {key: coalesce(row.`indicator_value`, '')})
FOREACH (_ IN CASE WHEN t0 IS NULL THEN [] ELSE [1] END |
  CREATE (n)-[:SIGNALS {_batch: row.props._batch, _row: row.props._row}]->(t0))
