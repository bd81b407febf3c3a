//: title: {zh: "质量评查：按 id 查找", en: "Quality review of a case: index on id"}
//: mode: admin
CREATE INDEX reviews_id IF NOT EXISTS FOR (n:Review) ON (n.id)
