//: title: {zh: "诉讼参与人：按 id 查找", en: "Participant in a case: index on id"}
//: mode: admin
CREATE INDEX participants_id IF NOT EXISTS FOR (n:Participant) ON (n.id)
