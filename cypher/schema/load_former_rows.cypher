//: title: {zh: "旧值：写入或更新行及其关系", en: "Former values of a row that a later batch changed: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:FormerRow {key: row.key})
SET n = row.props
