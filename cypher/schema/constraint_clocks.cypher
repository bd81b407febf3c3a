//: title: {zh: "期限时钟：键唯一", en: "Clock: one round of a time limit on a case or party: unique key"}
//: mode: admin
CREATE CONSTRAINT clocks_key IF NOT EXISTS FOR (n:Clock) REQUIRE n.key IS UNIQUE
