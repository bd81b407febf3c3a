//: title: {zh: "罪名：行的现有属性和所指的键", en: "Charge against a party: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Charge {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)<-[:CHARGED_WITH]-(t:Party) | ['party', t.key]] AS named
