//: title: {zh: "期限规则：行的现有属性", en: "Deadline rule of a profile: present properties of rows"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map}
//: budget: {rows: 100000, ms: 2000}
MATCH (n:DeadlineRule) WHERE n.key IN $keys
RETURN n.key AS key, properties(n) AS props
