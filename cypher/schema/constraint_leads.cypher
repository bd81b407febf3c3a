//: title: {zh: "线索：键唯一", en: "Lead: unique key"}
//: mode: admin
CREATE CONSTRAINT leads_key IF NOT EXISTS FOR (n:Lead) REQUIRE n.key IS UNIQUE
