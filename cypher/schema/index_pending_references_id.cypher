//: title: {zh: "待补关系：按 id 查找", en: "Reference of a loaded row whose target is not there yet: index on id"}
//: mode: admin
CREATE INDEX pending_references_id IF NOT EXISTS FOR (n:PendingReference) ON (n.id)
