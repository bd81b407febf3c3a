//: title: {zh: "问题：按 id 查找", en: "Problem (finding): index on id"}
//: mode: admin
CREATE INDEX problems_id IF NOT EXISTS FOR (n:Problem) ON (n.id)
