//: title: {zh: "专项评查活动：行的现有属性和所指的键", en: "Review campaign: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Campaign {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:HELD_AT]->(t:Unit) | ['unit', t.key]] +
       [(n)-[:ANNOTATES]->(t:IndicatorValue) | ['annotates', t.key]] AS named
