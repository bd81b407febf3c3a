//: title: {zh: "节点事件：行的现有属性和所指的键", en: "Event at a procedural node: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Event {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:OF]->(t:Case) | ['case', t.key]] +
       [(n)-[:AT]->(t:ProcessNode) | ['node', t.key]] +
       [(n)-[:BY]->(t:Person) | ['person', t.key]] +
       [(n)-[:DONE_IN]->(t:Department) | ['department', t.key]] +
       [(n)-[:CONCERNS]->(t:Party) | ['party', t.key]] AS named
