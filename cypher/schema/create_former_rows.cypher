//: title: {zh: "旧值：写入新行及其关系", en: "Former values of a row that a later batch changed: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:FormerRow)
SET n = row.props
