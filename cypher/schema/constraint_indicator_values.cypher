//: title: {zh: "指标值：键唯一", en: "Indicator value: unique key"}
//: mode: admin
CREATE CONSTRAINT indicator_values_key IF NOT EXISTS FOR (n:IndicatorValue) REQUIRE n.key IS UNIQUE
