//: title: {zh: "案（同一事实）：写入或更新行及其关系", en: "Matter: one set of facts in the world: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Matter {key: row.key})
SET n = row.props
