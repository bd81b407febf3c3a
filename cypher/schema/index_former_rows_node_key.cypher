//: title: {zh: "旧值：按 node_key 查找", en: "Former values of a row that a later batch changed: index on node_key"}
//: mode: admin
CREATE INDEX former_rows_node_key IF NOT EXISTS FOR (n:FormerRow) ON (n.node_key)
