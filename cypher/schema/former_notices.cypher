//: title: {zh: "流程监控通知书：行的现有属性和所指的键", en: "Process-monitoring notice: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Notice {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)<-[:ISSUED_AS]-(t:Correction) | ['correction', t.key]] +
       [(n)-[:ADDRESSED_TO]->(t:Department) | ['department', t.key]] AS named
