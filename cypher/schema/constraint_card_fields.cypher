//: title: {zh: "案卡项目：键唯一", en: "Card field as entered: unique key"}
//: mode: admin
CREATE CONSTRAINT card_fields_key IF NOT EXISTS FOR (n:FieldValue) REQUIRE n.key IS UNIQUE
