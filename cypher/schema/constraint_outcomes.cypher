//: title: {zh: "结局：键唯一", en: "Named outcome of a profile: unique key"}
//: mode: admin
CREATE CONSTRAINT outcomes_key IF NOT EXISTS FOR (n:Outcome) REQUIRE n.key IS UNIQUE
