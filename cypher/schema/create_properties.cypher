//: title: {zh: "涉案财物：写入新行及其关系", en: "Case-related property: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Property)
SET n = row.props
WITH n, row
MATCH (t0:Case {key: row.`case`})
CREATE (n)-[r0:SEIZED_IN]->(t0)
SET r0._batch = row.props._batch, r0._row = row.props._row
