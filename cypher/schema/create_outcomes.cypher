//: title: {zh: "结局：写入新行及其关系", en: "Named outcome of a profile: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Outcome)
SET n = row.props
