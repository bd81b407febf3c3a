//: title: {zh: "全部行的内容指纹", en: "Content hashes of all rows"}
//: returns: {label: string, key: string, hash: string, vanished: string}
//: budget: {rows: 100000000, ms: 600000}
MATCH (n) WHERE n._hash IS NOT NULL
RETURN labels(n)[0] AS label, n.key AS key, n._hash AS hash, n._vanished AS vanished
