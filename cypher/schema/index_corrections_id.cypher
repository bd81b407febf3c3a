//: title: {zh: "纠正：按 id 查找", en: "Correction order: index on id"}
//: mode: admin
CREATE INDEX corrections_id IF NOT EXISTS FOR (n:Correction) ON (n.id)
