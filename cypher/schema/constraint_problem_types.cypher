//: title: {zh: "问题类型：键唯一", en: "Problem type: unique key"}
//: mode: admin
CREATE CONSTRAINT problem_types_key IF NOT EXISTS FOR (n:ProblemType) REQUIRE n.key IS UNIQUE
