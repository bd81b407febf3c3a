//: title: {zh: "检察院：按 id 查找", en: "Procuratorate: index on id"}
//: mode: admin
CREATE INDEX units_id IF NOT EXISTS FOR (n:Unit) ON (n.id)
