//: title: {zh: "数据规则：按 id 查找", en: "Data rule: index on id"}
//: mode: admin
CREATE INDEX data_rules_id IF NOT EXISTS FOR (n:DataRule) ON (n.id)
