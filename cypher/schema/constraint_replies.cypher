//: title: {zh: "回复：键唯一", en: "Reply of the handling department: unique key"}
//: mode: admin
CREATE CONSTRAINT replies_key IF NOT EXISTS FOR (n:Reply) REQUIRE n.key IS UNIQUE
