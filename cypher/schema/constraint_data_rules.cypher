//: title: {zh: "数据规则：键唯一", en: "Data rule: unique key"}
//: mode: admin
CREATE CONSTRAINT data_rules_key IF NOT EXISTS FOR (n:DataRule) REQUIRE n.key IS UNIQUE
