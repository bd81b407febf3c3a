//: title: {zh: "强制措施：按 id 查找", en: "Coercive measure: index on id"}
//: mode: admin
CREATE INDEX measures_id IF NOT EXISTS FOR (n:Measure) ON (n.id)
