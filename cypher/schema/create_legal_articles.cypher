//: title: {zh: "法条：写入新行及其关系", en: "Article of a version of a law: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:LegalArticle)
SET n = row.props
