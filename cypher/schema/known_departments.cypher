//: title: {zh: "部门：已有行的内容指纹", en: "Department: content hashes of the rows that are there"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, hash: string, batch: string, vanished: string}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Department {key: key})
RETURN n.key AS key, n._hash AS hash, n._batch AS batch, n._vanished AS vanished
