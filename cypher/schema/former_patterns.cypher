//: title: {zh: "倾向性问题：行的现有属性", en: "Recurring problem pattern: present properties of rows"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map}
//: budget: {rows: 100000, ms: 2000}
MATCH (n:Pattern) WHERE n.key IN $keys
RETURN n.key AS key, properties(n) AS props
