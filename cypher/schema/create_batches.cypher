//: title: {zh: "批次：写入新行及其关系", en: "Batch of loaded rows: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Batch)
SET n = row.props
