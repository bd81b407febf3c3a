//: title: {zh: "各来源待补关系的数量", en: "Number of references that wait for their target, by source"}
//: returns: {source: string, n: integer}
//: budget: {rows: 1000, ms: 2000}
MATCH (p:PendingReference)
RETURN p.source AS source, count(*) AS n
ORDER BY source
