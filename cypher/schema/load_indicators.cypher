//: title: {zh: "指标：写入或更新行及其关系", en: "Indicator: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Indicator {key: row.key})
SET n = row.props
