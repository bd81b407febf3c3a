//: title: {zh: 全部关系的内容（成包）, en: "The content of all relationships, in packs"}
//: returns: {type: string, label: string, items: any}
//: budget: {rows: 100000000, ms: 600000}
MATCH (a)-[r]->(b)
WITH type(r) AS type, labels(a)[0] AS label, coalesce(r._row, a._row, 0) / 400 AS pack,
     [a.key, labels(b)[0], b.key] AS item
RETURN type, label, collect(item) AS items
