//: title: {zh: "线索：行的现有属性和所指的键", en: "Lead: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Lead {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:ABOUT]->(t:Case) | ['case', t.key]] +
       [(n)-[:RAISED_AT]->(t:Unit) | ['unit', t.key]] +
       [(t:Problem)-[:GAVE_RISE_TO]->(n) | ['problem', t.key]] +
       [(t:Review)-[:GAVE_RISE_TO]->(n) | ['review', t.key]] +
       [(t:Alert)-[:GAVE_RISE_TO]->(n) | ['alert', t.key]] +
       [(t:Pattern)-[:GAVE_RISE_TO]->(n) | ['pattern', t.key]] +
       [(t:Request)-[:GAVE_RISE_TO]->(n) | ['request', t.key]] AS named
