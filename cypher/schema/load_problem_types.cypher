//: title: {zh: "问题类型：写入或更新行及其关系", en: "Problem type: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:ProblemType {key: row.key})
SET n = row.props
