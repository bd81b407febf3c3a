//: title: {zh: "节点事件：按 id 查找", en: "Event at a procedural node: index on id"}
//: mode: admin
CREATE INDEX events_id IF NOT EXISTS FOR (n:Event) ON (n.id)
