//: title: {zh: "指标：写入新行及其关系", en: "Indicator: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Indicator)
SET n = row.props
