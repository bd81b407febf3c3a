//: title: {zh: "旧值：键唯一", en: "Former values of a row that a later batch changed: unique key"}
//: mode: admin
CREATE CONSTRAINT former_rows_key IF NOT EXISTS FOR (n:FormerRow) REQUIRE n.key IS UNIQUE
