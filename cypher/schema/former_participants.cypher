//: title: {zh: "诉讼参与人：行的现有属性和所指的键", en: "Participant in a case: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Participant {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:TAKES_PART_IN]->(t:Case) | ['case', t.key]] AS named
