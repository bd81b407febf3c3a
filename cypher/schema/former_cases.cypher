//: title: {zh: "件（系统案件）：行的现有属性", en: "Case: one numbered file in the system: present properties of rows"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map}
//: budget: {rows: 100000, ms: 2000}
MATCH (n:Case) WHERE n.key IN $keys
RETURN n.key AS key, properties(n) AS props
