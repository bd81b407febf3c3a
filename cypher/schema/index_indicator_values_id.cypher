//: title: {zh: "指标值：按 id 查找", en: "Indicator value: index on id"}
//: mode: admin
CREATE INDEX indicator_values_id IF NOT EXISTS FOR (n:IndicatorValue) ON (n.id)
