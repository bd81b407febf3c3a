//: title: {zh: "诉讼参与人：键唯一", en: "Participant in a case: unique key"}
//: mode: admin
CREATE CONSTRAINT participants_key IF NOT EXISTS FOR (n:Participant) REQUIRE n.key IS UNIQUE
