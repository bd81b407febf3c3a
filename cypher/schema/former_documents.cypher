//: title: {zh: "法律文书：行的现有属性和所指的键", en: "Legal document: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Document {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:OF]->(t:Case) | ['case', t.key]] +
       [(n)<-[:EVIDENCED_BY]-(t:Event) | ['event', t.key]] AS named
