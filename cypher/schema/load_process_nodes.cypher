//: title: {zh: "程序性节点：写入或更新行及其关系", en: "Procedural node: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:ProcessNode {key: row.key})
SET n = row.props
