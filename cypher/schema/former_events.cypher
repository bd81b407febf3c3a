//: title: {zh: "节点事件：行的现有属性", en: "Event at a procedural node: present properties of rows"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map}
//: budget: {rows: 100000, ms: 2000}
MATCH (n:Event) WHERE n.key IN $keys
RETURN n.key AS key, properties(n) AS props
