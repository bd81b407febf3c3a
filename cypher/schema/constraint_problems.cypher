//: title: {zh: "问题：键唯一", en: "Problem (finding): unique key"}
//: mode: admin
CREATE CONSTRAINT problems_key IF NOT EXISTS FOR (n:Problem) REQUIRE n.key IS UNIQUE
