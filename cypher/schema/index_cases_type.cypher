//: title: {zh: "件（系统案件）：按 type 查找", en: "Case: one numbered file in the system: index on type"}
//: mode: admin
CREATE INDEX cases_type IF NOT EXISTS FOR (n:Case) ON (n.type)
