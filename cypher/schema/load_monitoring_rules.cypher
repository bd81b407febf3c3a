//: title: {zh: "监控规则：写入或更新行及其关系", en: "Monitoring rule: write or update rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MERGE (n:MonitoringRule {key: row.key})
SET n = row.props
FOREACH (r IN [(n)-[r0:WATCHES]->(:ProcessNode) | r0] | DELETE r)
