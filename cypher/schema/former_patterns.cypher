//: title: {zh: "倾向性问题：行的现有属性和所指的键", en: "Recurring problem pattern: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Pattern {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:OF_TYPE]->(t:ProblemType) | ['type', t.key]] +
       [(n)-[:LOCATED_AT]->(t:ProcessNode) | ['node', t.key]] +
       [(n)<-[:INSTANCE_OF]-(t:Problem) | ['problems', t.key]] AS named
