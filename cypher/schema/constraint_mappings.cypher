//: title: {zh: "指标—节点映射：键唯一", en: "Indicator-to-node mapping: unique key"}
//: mode: admin
CREATE CONSTRAINT mappings_key IF NOT EXISTS FOR (n:Mapping) REQUIRE n.key IS UNIQUE
