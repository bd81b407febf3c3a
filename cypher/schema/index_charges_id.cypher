//: title: {zh: "罪名：按 id 查找", en: "Charge against a party: index on id"}
//: mode: admin
CREATE INDEX charges_id IF NOT EXISTS FOR (n:Charge) ON (n.id)
