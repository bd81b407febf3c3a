//: title: {zh: "件（系统案件）：按 id 查找", en: "Case: one numbered file in the system: index on id"}
//: mode: admin
CREATE INDEX cases_id IF NOT EXISTS FOR (n:Case) ON (n.id)
