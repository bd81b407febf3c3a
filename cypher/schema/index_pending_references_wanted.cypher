//: title: {zh: "待补关系：按 wanted 查找", en: "Reference of a loaded row whose target is not there yet: index on wanted"}
//: mode: admin
CREATE INDEX pending_references_wanted IF NOT EXISTS FOR (n:PendingReference) ON (n.wanted)
