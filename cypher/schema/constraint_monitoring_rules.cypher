//: title: {zh: "监控规则：键唯一", en: "Monitoring rule: unique key"}
//: mode: admin
CREATE CONSTRAINT monitoring_rules_key IF NOT EXISTS FOR (n:MonitoringRule) REQUIRE n.key IS UNIQUE
