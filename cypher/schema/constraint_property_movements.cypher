//: title: {zh: "财物流转：键唯一", en: "Property movement: unique key"}
//: mode: admin
CREATE CONSTRAINT property_movements_key IF NOT EXISTS FOR (n:PropertyMovement) REQUIRE n.key IS UNIQUE
