//: title: {zh: "线索：行的现有属性和所指的键", en: "Lead: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Lead {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:ABOUT]->(t:Case) | ['case', t.key]] +
       [(n)-[:RAISED_AT]->(t:Unit) | ['unit', t.key]] +
       [(n)<-[:GAVE_RISE_TO]-(t:Problem) | ['problem', t.key]] +
       [(n)<-[:GAVE_RISE_TO]-(t:Review) | ['review', t.key]] +
       [(n)<-[:GAVE_RISE_TO]-(t:Alert) | ['alert', t.key]] +
       [(n)<-[:GAVE_RISE_TO]-(t:Pattern) | ['pattern', t.key]] +
       [(n)<-[:GAVE_RISE_TO]-(t:Request) | ['request', t.key]] AS named
