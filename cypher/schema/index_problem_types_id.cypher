//: title: {zh: "问题类型：按 id 查找", en: "Problem type: index on id"}
//: mode: admin
CREATE INDEX problem_types_id IF NOT EXISTS FOR (n:ProblemType) ON (n.id)
