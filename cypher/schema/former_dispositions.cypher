//: title: {zh: "处置：行的现有属性和所指的键", en: "What a person decided on a problem: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Disposition {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)<-[:DISPOSED_AS]-(t:Problem) | ['problem', t.key]] +
       [(n)-[:BY]->(t:Person) | ['person', t.key]] AS named
