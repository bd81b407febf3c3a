//: title: {zh: "待补关系：按 node_key 查找", en: "Reference of a loaded row whose target is not there yet: index on node_key"}
//: mode: admin
CREATE INDEX pending_references_node_key IF NOT EXISTS FOR (n:PendingReference) ON (n.node_key)
