//: title: {zh: "法律文书：按 id 查找", en: "Legal document: index on id"}
//: mode: admin
CREATE INDEX documents_id IF NOT EXISTS FOR (n:Document) ON (n.id)
