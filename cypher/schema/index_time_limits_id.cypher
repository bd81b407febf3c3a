//: title: {zh: "期限、关口：按 id 查找", en: "Time limit or gate of the rulebook: index on id"}
//: mode: admin
CREATE INDEX time_limits_id IF NOT EXISTS FOR (n:TimeLimit) ON (n.id)
