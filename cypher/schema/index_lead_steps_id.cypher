//: title: {zh: "线索步骤：按 id 查找", en: "Step of a lead: index on id"}
//: mode: admin
CREATE INDEX lead_steps_id IF NOT EXISTS FOR (n:Step) ON (n.id)
