//: title: {zh: 全部节点的内容（成包）, en: "The content of all nodes, in packs"}
//: returns: {label: string, items: "list<map>"}
//: budget: {rows: 100000000, ms: 600000}
MATCH (n)
WITH labels(n)[0] AS label, coalesce(n._row, 0) / 400 AS pack, properties(n) AS props
RETURN label, collect(props) AS items
