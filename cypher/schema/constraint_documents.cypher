//: title: {zh: "法律文书：键唯一", en: "Legal document: unique key"}
//: mode: admin
CREATE CONSTRAINT documents_key IF NOT EXISTS FOR (n:Document) REQUIRE n.key IS UNIQUE
