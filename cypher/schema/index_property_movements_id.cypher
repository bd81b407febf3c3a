//: title: {zh: "财物流转：按 id 查找", en: "Property movement: index on id"}
//: mode: admin
CREATE INDEX property_movements_id IF NOT EXISTS FOR (n:PropertyMovement) ON (n.id)
