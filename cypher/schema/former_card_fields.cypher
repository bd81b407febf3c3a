//: title: {zh: "案卡项目：行的现有属性和所指的键", en: "Card field as entered: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:FieldValue {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:ON]->(t:Case) | ['case', t.key]] +
       [(n)-[:ON]->(t:Party) | ['party', t.key]] +
       [(n)-[:ENTERED_BY]->(t:Person) | ['entered_by', t.key]] AS named
