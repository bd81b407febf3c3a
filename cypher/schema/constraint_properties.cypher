//: title: {zh: "涉案财物：键唯一", en: "Case-related property: unique key"}
//: mode: admin
CREATE CONSTRAINT properties_key IF NOT EXISTS FOR (n:Property) REQUIRE n.key IS UNIQUE
