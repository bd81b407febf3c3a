//: title: {zh: "指标—节点映射：按 id 查找", en: "Indicator-to-node mapping: index on id"}
//: mode: admin
CREATE INDEX mappings_id IF NOT EXISTS FOR (n:Mapping) ON (n.id)
