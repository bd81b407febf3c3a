//: title: {zh: "库：写入新行及其关系", en: "Facts about this store: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Store)
SET n = row.props
