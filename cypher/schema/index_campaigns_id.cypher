//: title: {zh: "专项评查活动：按 id 查找", en: "Review campaign: index on id"}
//: mode: admin
CREATE INDEX campaigns_id IF NOT EXISTS FOR (n:Campaign) ON (n.id)
