//: title: {zh: "申请：行的现有属性和所指的键", en: "Request of a participant: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Request {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)<-[:MADE]-(t:Participant) | ['participant', t.key]] +
       [(n)-[:MADE_IN]->(t:Case) | ['case', t.key]] AS named
