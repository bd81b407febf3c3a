//: title: {zh: "批次：按 id 查找", en: "Batch of loaded rows: index on id"}
//: mode: admin
CREATE INDEX batches_id IF NOT EXISTS FOR (n:Batch) ON (n.id)
