//: title: {zh: "人员：键唯一", en: "Member of staff: unique key"}
//: mode: admin
CREATE CONSTRAINT persons_key IF NOT EXISTS FOR (n:Person) REQUIRE n.key IS UNIQUE
