//: title: {zh: "部门：键唯一", en: "Department: unique key"}
//: mode: admin
CREATE CONSTRAINT departments_key IF NOT EXISTS FOR (n:Department) REQUIRE n.key IS UNIQUE
