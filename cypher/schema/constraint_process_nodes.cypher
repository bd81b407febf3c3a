//: title: {zh: "程序性节点：键唯一", en: "Procedural node: unique key"}
//: mode: admin
CREATE CONSTRAINT process_nodes_key IF NOT EXISTS FOR (n:ProcessNode) REQUIRE n.key IS UNIQUE
