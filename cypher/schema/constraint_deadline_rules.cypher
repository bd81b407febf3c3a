//: title: {zh: "期限规则：键唯一", en: "Deadline rule of a profile: unique key"}
//: mode: admin
CREATE CONSTRAINT deadline_rules_key IF NOT EXISTS FOR (n:DeadlineRule) REQUIRE n.key IS UNIQUE
