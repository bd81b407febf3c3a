//: title: {zh: "流程监控通知书：键唯一", en: "Process-monitoring notice: unique key"}
//: mode: admin
CREATE CONSTRAINT notices_key IF NOT EXISTS FOR (n:Notice) REQUIRE n.key IS UNIQUE
