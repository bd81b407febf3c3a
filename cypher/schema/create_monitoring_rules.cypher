//: title: {zh: "监控规则：写入新行及其关系", en: "Monitoring rule: write new rows with their relationships"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
CREATE (n:MonitoringRule)
SET n = row.props
