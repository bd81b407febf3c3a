//: title: {zh: "件（系统案件）：行的现有属性和所指的键", en: "Case: one numbered file in the system: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Case {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:PART_OF]->(t:Matter) | ['matter', t.key]] +
       [(n)-[:HANDLED_AT]->(t:Unit) | ['unit', t.key]] +
       [(n)-[:HANDLED_IN]->(t:Department) | ['department', t.key]] +
       [(n)-[:HANDLED_BY]->(t:Person) | ['handler', t.key]] +
       [(n)-[:FOLLOWS]->(t:Case) | ['follows', t.key]] AS named
