//: title: {zh: "预警：键唯一", en: "Alert: unique key"}
//: mode: admin
CREATE CONSTRAINT alerts_key IF NOT EXISTS FOR (n:Alert) REQUIRE n.key IS UNIQUE
