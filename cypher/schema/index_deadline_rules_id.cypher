//: title: {zh: "期限规则：按 id 查找", en: "Deadline rule of a profile: index on id"}
//: mode: admin
CREATE INDEX deadline_rules_id IF NOT EXISTS FOR (n:DeadlineRule) ON (n.id)
