//: title: {zh: "线索：按 id 查找", en: "Lead: index on id"}
//: mode: admin
CREATE INDEX leads_id IF NOT EXISTS FOR (n:Lead) ON (n.id)
