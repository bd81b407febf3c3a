//: title: {zh: "程序性节点：写入新行及其关系", en: "Procedural node: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:ProcessNode)
SET n = row.props
