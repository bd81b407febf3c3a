//: title: {zh: "回复：写入或更新行及其关系", en: "Reply of the handling department: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Reply {key: row.key})
SET n = row.props
WITH n, row
MATCH (t0:Notice {key: row.`notice`})
MERGE (n)-[r0:ANSWERS]->(t0)
SET r0._batch = row.props._batch, r0._row = row.props._row
