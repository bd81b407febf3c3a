//: title: {zh: "质量评查：键唯一", en: "Quality review of a case: unique key"}
//: mode: admin
CREATE CONSTRAINT reviews_key IF NOT EXISTS FOR (n:Review) REQUIRE n.key IS UNIQUE
