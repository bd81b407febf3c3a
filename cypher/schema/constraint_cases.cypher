//: title: {zh: "件（系统案件）：键唯一", en: "Case: one numbered file in the system: unique key"}
//: mode: admin
CREATE CONSTRAINT cases_key IF NOT EXISTS FOR (n:Case) REQUIRE n.key IS UNIQUE
