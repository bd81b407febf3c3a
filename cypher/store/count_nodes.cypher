//: title: {zh: 各类节点的数量, en: Number of nodes by label}
//: returns: {label: string, n: integer}
//: budget: {rows: 1000, ms: 2000}
MATCH (n)
RETURN labels(n)[0] AS label, count(*) AS n
ORDER BY label
