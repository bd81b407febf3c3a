//: title: {zh: "法条：指向这些节点的行", en: "Article of a version of a law: the rows that name these nodes"}
//: doc: {zh: "namers 为 [标签, 列, 键, 批次, 行号]", en: "namers are [label, column, key, batch, row]"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, namers: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $keys AS key
MATCH (n:LegalArticle {key: key})
RETURN n.key AS key,
       [(n)<-[:BASED_ON]-(x:DataRule) | ['DataRule', 'articles', x.key, x._batch, x._row]] +
       [(n)<-[:BASED_ON]-(x:TimeLimit) | ['TimeLimit', 'articles', x.key, x._batch, x._row]] AS namers
