//: title: {zh: "指标—节点映射：行的现有属性", en: "Indicator-to-node mapping: present properties of rows"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map}
//: budget: {rows: 100000, ms: 2000}
MATCH (n:Mapping) WHERE n.key IN $keys
RETURN n.key AS key, properties(n) AS props
