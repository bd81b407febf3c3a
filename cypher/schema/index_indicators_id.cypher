//: title: {zh: "指标：按 id 查找", en: "Indicator: index on id"}
//: mode: admin
CREATE INDEX indicators_id IF NOT EXISTS FOR (n:Indicator) ON (n.id)
