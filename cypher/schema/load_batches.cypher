//: title: {zh: "批次：写入或更新行及其关系", en: "Batch of loaded rows: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Batch {key: row.key})
SET n = row.props
