//: title: {zh: "线索步骤：行的现有属性和所指的键", en: "Step of a lead: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Step {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)<-[:HAS_STEP]-(t:Lead) | ['lead', t.key]] +
       [(n)-[:BY]->(t:Person) | ['by', t.key]] AS named
