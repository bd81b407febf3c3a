//: title: {zh: "人员：按 id 查找", en: "Member of staff: index on id"}
//: mode: admin
CREATE INDEX persons_id IF NOT EXISTS FOR (n:Person) ON (n.id)
