//: title: {zh: "案（同一事实）：按 id 查找", en: "Matter: one set of facts in the world: index on id"}
//: mode: admin
CREATE INDEX matters_id IF NOT EXISTS FOR (n:Matter) ON (n.id)
