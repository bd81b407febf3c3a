//: title: {zh: "库：按 id 查找", en: "Facts about this store: index on id"}
//: mode: admin
CREATE INDEX stores_id IF NOT EXISTS FOR (n:Store) ON (n.id)
