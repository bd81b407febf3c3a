//: title: {zh: "某来源用到的节点和行为", en: "Nodes and acts that the events of a source use"}
//: params:
//:   source: {type: string, example: demo}
//: returns:
//:   node: "string"
//:   act: "string"
//:   n: "integer"
//: budget: {rows: 100000, ms: 30000}
MATCH (n:ProcessNode)<-[:AT]-(e:Event)
WHERE n.source = 'rulebook' AND e.source = $source
RETURN n.id AS node, e.outcome AS act, count(*) AS n
ORDER BY node, act
