//: title: {zh: "期限、关口：行的现有属性和所指的键", en: "Time limit or gate of the rulebook: present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:TimeLimit {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:FINDS]->(t:ProblemType) | ['type', t.key]] +
       [(n)-[:WATCHES]->(t:ProcessNode) | ['nodes', t.key]] +
       [(n)-[:BASED_ON]->(t:LegalArticle) | ['articles', t.key]] AS named
