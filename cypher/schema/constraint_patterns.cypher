//: title: {zh: "倾向性问题：键唯一", en: "Recurring problem pattern: unique key"}
//: mode: admin
CREATE CONSTRAINT patterns_key IF NOT EXISTS FOR (n:Pattern) REQUIRE n.key IS UNIQUE
