//: title: {zh: "待补关系：写入或更新行及其关系", en: "Reference of a loaded row whose target is not there yet: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:PendingReference {key: row.key})
SET n = row.props
