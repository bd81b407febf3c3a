//: title: {zh: "旧值：按 id 查找", en: "Former values of a row that a later batch changed: index on id"}
//: mode: admin
CREATE INDEX former_rows_id IF NOT EXISTS FOR (n:FormerRow) ON (n.id)
