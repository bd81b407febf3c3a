//: title: {zh: "期限时钟：行的现有属性和所指的键", en: "Clock: one round of a time limit on a case or party: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Clock {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:RUNS_ON]->(t:Case) | ['case', t.key]] +
       [(n)-[:RUNS_ON]->(t:Party) | ['party', t.key]] +
       [(n)-[:GOVERNED_BY]->(t:TimeLimit) | ['limit', t.key]] AS named
