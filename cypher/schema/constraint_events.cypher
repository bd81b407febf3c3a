//: title: {zh: "节点事件：键唯一", en: "Event at a procedural node: unique key"}
//: mode: admin
CREATE CONSTRAINT events_key IF NOT EXISTS FOR (n:Event) REQUIRE n.key IS UNIQUE
