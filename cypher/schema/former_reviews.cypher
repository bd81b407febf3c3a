//: title: {zh: "质量评查：行的现有属性", en: "Quality review of a case: present properties of rows"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map}
//: budget: {rows: 100000, ms: 2000}
MATCH (n:Review) WHERE n.key IN $keys
RETURN n.key AS key, properties(n) AS props
