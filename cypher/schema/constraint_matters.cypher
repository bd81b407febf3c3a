//: title: {zh: "案（同一事实）：键唯一", en: "Matter: one set of facts in the world: unique key"}
//: mode: admin
CREATE CONSTRAINT matters_key IF NOT EXISTS FOR (n:Matter) REQUIRE n.key IS UNIQUE
