//: title: {zh: "检察院：写入新行及其关系", en: "Procuratorate: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:Unit)
SET n = row.props
