//: title: {zh: "期限规则：写入新行及其关系", en: "Deadline rule of a profile: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:DeadlineRule)
SET n = row.props
