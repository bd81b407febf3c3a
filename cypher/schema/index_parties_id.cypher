//: title: {zh: "涉案人员（案中人）：按 id 查找", en: "Party: a person in a case: index on id"}
//: mode: admin
CREATE INDEX parties_id IF NOT EXISTS FOR (n:Party) ON (n.id)
