//: title: {zh: "指标：键唯一", en: "Indicator: unique key"}
//: mode: admin
CREATE CONSTRAINT indicators_key IF NOT EXISTS FOR (n:Indicator) REQUIRE n.key IS UNIQUE
