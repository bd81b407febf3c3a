//: title: {zh: "强制措施：行的现有属性和所指的键", en: "Coercive measure: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Measure {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)<-[:UNDER]-(t:Party) | ['party', t.key]] AS named
