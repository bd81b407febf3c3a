//: title: {zh: "程序性节点：按 id 查找", en: "Procedural node: index on id"}
//: mode: admin
CREATE INDEX process_nodes_id IF NOT EXISTS FOR (n:ProcessNode) ON (n.id)
