//: title: {zh: "待补关系：键唯一", en: "Reference of a loaded row whose target is not there yet: unique key"}
//: mode: admin
CREATE CONSTRAINT pending_references_key IF NOT EXISTS FOR (n:PendingReference) REQUIRE n.key IS UNIQUE
