//: title: {zh: "案（同一事实）：写入新行及其关系", en: "Matter: one set of facts in the world: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Matter)
SET n = row.props
