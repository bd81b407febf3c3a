//: title: {zh: "处置：键唯一", en: "What a person decided on a problem: unique key"}
//: mode: admin
CREATE CONSTRAINT dispositions_key IF NOT EXISTS FOR (n:Disposition) REQUIRE n.key IS UNIQUE
