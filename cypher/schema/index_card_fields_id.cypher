//: title: {zh: "案卡项目：按 id 查找", en: "Card field as entered: index on id"}
//: mode: admin
CREATE INDEX card_fields_id IF NOT EXISTS FOR (n:FieldValue) ON (n.id)
