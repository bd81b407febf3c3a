//: title: {zh: "检察院：写入或更新行及其关系", en: "Procuratorate: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:Unit {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:SUBORDINATE_TO]->(:Unit) | r0] | DELETE r)
