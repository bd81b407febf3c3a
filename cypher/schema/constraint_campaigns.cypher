//: title: {zh: "专项评查活动：键唯一", en: "Review campaign: unique key"}
//: mode: admin
CREATE CONSTRAINT campaigns_key IF NOT EXISTS FOR (n:Campaign) REQUIRE n.key IS UNIQUE
