//: title: {zh: "结局：按 id 查找", en: "Named outcome of a profile: index on id"}
//: mode: admin
CREATE INDEX outcomes_id IF NOT EXISTS FOR (n:Outcome) ON (n.id)
