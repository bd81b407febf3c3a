//: title: {zh: "涉案人员（案中人）：写入新行及其关系", en: "Party: a person in a case: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Party)
SET n = row.props
WITH n, row
MATCH (t0:Case {key: row.`case`})
CREATE (t0)-[:HAS_PARTY {_batch: row.props._batch, _row: row.props._row}]->(n)
