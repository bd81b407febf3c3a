//: title: {zh: "检察院：键唯一", en: "Procuratorate: unique key"}
//: mode: admin
CREATE CONSTRAINT units_key IF NOT EXISTS FOR (n:Unit) REQUIRE n.key IS UNIQUE
