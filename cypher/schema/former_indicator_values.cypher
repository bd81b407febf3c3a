//: title: {zh: "指标值：行的现有属性和所指的键", en: "Indicator value: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:IndicatorValue {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:OF]->(t:Indicator) | ['indicator', t.key]] +
       [(n)-[:FOR]->(t:Unit) | ['unit', t.key]] AS named
