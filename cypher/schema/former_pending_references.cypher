//: title: {zh: "待补关系：行的现有属性和所指的键", en: "Reference of a loaded row whose target is not there yet: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:PendingReference {key: key})
RETURN n.key AS key, properties(n) AS props,
       [] AS named
