//: title: {zh: "结局：写入或更新行及其关系", en: "Named outcome of a profile: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Outcome {key: row.key})
SET n = row.props
