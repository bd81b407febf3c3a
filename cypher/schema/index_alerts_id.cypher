//: title: {zh: "预警：按 id 查找", en: "Alert: index on id"}
//: mode: admin
CREATE INDEX alerts_id IF NOT EXISTS FOR (n:Alert) ON (n.id)
