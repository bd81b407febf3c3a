//: title: {zh: "倾向性问题：按 id 查找", en: "Recurring problem pattern: index on id"}
//: mode: admin
CREATE INDEX patterns_id IF NOT EXISTS FOR (n:Pattern) ON (n.id)
