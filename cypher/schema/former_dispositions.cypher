//: title: {zh: "处置：行的现有属性", en: "What a person decided on a problem: present properties of rows"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map}
//: budget: {rows: 100000, ms: 2000}
MATCH (n:Disposition) WHERE n.key IN $keys
RETURN n.key AS key, properties(n) AS props
