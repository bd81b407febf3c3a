//: title: {zh: "申请：按 id 查找", en: "Request of a participant: index on id"}
//: mode: admin
CREATE INDEX requests_id IF NOT EXISTS FOR (n:Request) ON (n.id)
