//: title: {zh: "期限、关口：键唯一", en: "Time limit or gate of the rulebook: unique key"}
//: mode: admin
CREATE CONSTRAINT time_limits_key IF NOT EXISTS FOR (n:TimeLimit) REQUIRE n.key IS UNIQUE
