//: title: {zh: "线索：按 route 查找", en: "Lead: index on route"}
//: mode: admin
CREATE INDEX leads_route IF NOT EXISTS FOR (n:Lead) ON (n.route)
