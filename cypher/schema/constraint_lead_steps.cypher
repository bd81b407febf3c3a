//: title: {zh: "线索步骤：键唯一", en: "Step of a lead: unique key"}
//: mode: admin
CREATE CONSTRAINT lead_steps_key IF NOT EXISTS FOR (n:Step) REQUIRE n.key IS UNIQUE
