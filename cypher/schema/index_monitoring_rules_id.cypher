//: title: {zh: "监控规则：按 id 查找", en: "Monitoring rule: index on id"}
//: mode: admin
CREATE INDEX monitoring_rules_id IF NOT EXISTS FOR (n:MonitoringRule) ON (n.id)
