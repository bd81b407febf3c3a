//: title: {zh: "法条：键唯一", en: "Article of a version of a law: unique key"}
//: mode: admin
CREATE CONSTRAINT legal_articles_key IF NOT EXISTS FOR (n:LegalArticle) REQUIRE n.key IS UNIQUE
