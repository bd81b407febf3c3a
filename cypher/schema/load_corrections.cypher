//: title: {zh: "纠正：写入或更新行及其关系", en: "Correction order: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Correction {key: row.key})
SET n = row.props
WITH n, row
OPTIONAL MATCH (t1:Lead {key: row.`lead`})
FOREACH (_ IN CASE WHEN t1 IS NULL THEN [] ELSE [1] END |
  MERGE (t1)-[r1:OPENED]->(n)
  SET r1._batch = row.props._batch, r1._row = row.props._row)
WITH n, row
OPTIONAL MATCH (t2:Department {key: row.`department`})
FOREACH (_ IN CASE WHEN t2 IS NULL THEN [] ELSE [1] END |
  MERGE (n)-[r2:ADDRESSED_TO]->(t2)
  SET r2._batch = row.props._batch, r2._row = row.props._row)
