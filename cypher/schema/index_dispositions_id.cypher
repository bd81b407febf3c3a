//: title: {zh: "处置：按 id 查找", en: "What a person decided on a problem: index on id"}
//: mode: admin
CREATE INDEX dispositions_id IF NOT EXISTS FOR (n:Disposition) ON (n.id)
