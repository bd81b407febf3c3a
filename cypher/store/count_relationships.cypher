//: title: {zh: 各类关系的数量, en: Number of relationships by type}
//: returns: {type: string, n: integer}
//: budget: {rows: 1000, ms: 5000}
MATCH ()-[r]->()
RETURN type(r) AS type, count(*) AS n
ORDER BY type
