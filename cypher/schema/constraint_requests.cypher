//: title: {zh: "申请：键唯一", en: "Request of a participant: unique key"}
//: mode: admin
CREATE CONSTRAINT requests_key IF NOT EXISTS FOR (n:Request) REQUIRE n.key IS UNIQUE
