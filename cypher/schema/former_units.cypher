//: title: {zh: "检察院：行的现有属性和所指的键", en: "Procuratorate: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Unit {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:SUBORDINATE_TO]->(t:Unit) | ['parent', t.key]] AS named
