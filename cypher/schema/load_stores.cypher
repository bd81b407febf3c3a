//: title: {zh: "库：写入或更新行及其关系", en: "Facts about this store: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Store {key: row.key})
SET n = row.props
