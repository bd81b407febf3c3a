//: title: {zh: "部门：按 id 查找", en: "Department: index on id"}
//: mode: admin
CREATE INDEX departments_id IF NOT EXISTS FOR (n:Department) ON (n.id)
