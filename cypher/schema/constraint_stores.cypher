//: title: {zh: "库：键唯一", en: "Facts about this store: unique key"}
//: mode: admin
CREATE CONSTRAINT stores_key IF NOT EXISTS FOR (n:Store) REQUIRE n.key IS UNIQUE
