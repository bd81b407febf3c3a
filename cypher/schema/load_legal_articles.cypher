//: title: {zh: "法条：写入或更新行及其关系", en: "Article of a version of a law: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:LegalArticle {key: row.key})
SET n = row.props
