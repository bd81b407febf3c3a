//: title: {zh: "纠正：键唯一", en: "Correction order: unique key"}
//: mode: admin
CREATE CONSTRAINT corrections_key IF NOT EXISTS FOR (n:Correction) REQUIRE n.key IS UNIQUE
