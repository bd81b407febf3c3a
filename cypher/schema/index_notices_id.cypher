//: title: {zh: "流程监控通知书：按 id 查找", en: "Process-monitoring notice: index on id"}
//: mode: admin
CREATE INDEX notices_id IF NOT EXISTS FOR (n:Notice) ON (n.id)
