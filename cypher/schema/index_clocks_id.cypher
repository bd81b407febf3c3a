//: title: {zh: "期限时钟：按 id 查找", en: "Clock: one round of a time limit on a case or party: index on id"}
//: mode: admin
CREATE INDEX clocks_id IF NOT EXISTS FOR (n:Clock) ON (n.id)
