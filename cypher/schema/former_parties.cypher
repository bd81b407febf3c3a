//: title: {zh: "涉案人员（案中人）：行的现有属性和所指的键", en: "Party: a person in a case: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Party {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)<-[:HAS_PARTY]-(t:Case) | ['case', t.key]] AS named
