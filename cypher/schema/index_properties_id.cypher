//: title: {zh: "涉案财物：按 id 查找", en: "Case-related property: index on id"}
//: mode: admin
CREATE INDEX properties_id IF NOT EXISTS FOR (n:Property) ON (n.id)
