//: title: {zh: "案（同一事实）：行的现有属性和所指的键", en: "Matter: one set of facts in the world: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Matter {key: key})
RETURN n.key AS key, properties(n) AS props,
       [] AS named
