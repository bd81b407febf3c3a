//: title: {zh: "回复：按 id 查找", en: "Reply of the handling department: index on id"}
//: mode: admin
CREATE INDEX replies_id IF NOT EXISTS FOR (n:Reply) ON (n.id)
