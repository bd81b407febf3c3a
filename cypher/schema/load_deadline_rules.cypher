//: title: {zh: "期限规则：写入或更新行及其关系", en: "Deadline rule of a profile: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:DeadlineRule {key: row.key})
SET n = row.props
