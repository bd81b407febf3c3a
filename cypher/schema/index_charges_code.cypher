//: title: {zh: "罪名：按 code 查找", en: "Charge against a party: index on code"}
//: mode: admin
CREATE INDEX charges_code IF NOT EXISTS FOR (n:Charge) ON (n.code)
