//: title: {zh: "强制措施：键唯一", en: "Coercive measure: unique key"}
//: mode: admin
CREATE CONSTRAINT measures_key IF NOT EXISTS FOR (n:Measure) REQUIRE n.key IS UNIQUE
