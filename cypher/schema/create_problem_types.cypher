//: title: {zh: "问题类型：写入新行及其关系", en: "Problem type: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:ProblemType)
SET n = row.props
