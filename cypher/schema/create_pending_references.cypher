//: title: {zh: "待补关系：写入新行及其关系", en: "Reference of a loaded row whose target is not there yet: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:PendingReference)
SET n = row.props
