//: title: {zh: "法条：按 id 查找", en: "Article of a version of a law: index on id"}
//: mode: admin
CREATE INDEX legal_articles_id IF NOT EXISTS FOR (n:LegalArticle) ON (n.id)
