//: title: {zh: "涉案人员（案中人）：键唯一", en: "Party: a person in a case: unique key"}
//: mode: admin
CREATE CONSTRAINT parties_key IF NOT EXISTS FOR (n:Party) REQUIRE n.key IS UNIQUE
