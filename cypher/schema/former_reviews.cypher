//: title: {zh: "质量评查：行的现有属性和所指的键", en: "Quality review of a case: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Review {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:OF]->(t:Case) | ['case', t.key]] +
       [(n)<-[:OPENED]-(t:Lead) | ['lead', t.key]] +
       [(n)-[:IN]->(t:Campaign) | ['campaign', t.key]] +
       [(n)-[:BY]->(t:Person) | ['reviewer', t.key]] +
       [(n)-[:ANNOTATES]->(t:IndicatorValue) | ['annotates', t.key]] AS named
