//: title: {zh: "案件在各节点有无事件和文书", en: "The nodes of a case's type: events, documents and problems there"}
//: doc:
//:   zh: absent 表示本案没有该节点的事件而已到后面的节点；该节点是否适用于本案由关口判断。documents 为证明这些事件的文书数。
//:   en: "absent: no event here though the case is at a later node; whether the node applies to it, gates decide. documents: that prove the events"
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   node: "string"
//:   zh: "string"
//:   en: "string"
//:   conditional: "boolean"
//:   events: "integer"
//:   first: "date"
//:   last: "date"
//:   documents: "integer"
//:   problems: "integer"
//:   absent: "boolean"
//: budget: {rows: 1000, ms: 100}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
OPTIONAL MATCH (c)<-[:OF]-(x:Event)-[:AT]->(y:ProcessNode)
WHERE x.known <= $as_of AND y.case_group = c.type
WITH c, max(y.seq) AS reached
MATCH (n:ProcessNode)
WHERE n.case_group = c.type AND n.source IN [c.source, 'rulebook']
OPTIONAL MATCH (c)<-[:OF]-(e:Event)-[:AT]->(n)
WHERE e.known <= $as_of
OPTIONAL MATCH (e)-[:EVIDENCED_BY]->(d:Document)
WITH c, n, reached, count(DISTINCT e) AS events, min(e.occurred_on) AS first,
     max(e.occurred_on) AS last, count(DISTINCT d) AS documents
OPTIONAL MATCH (c)<-[:FOUND_IN]-(p:Problem)-[:LOCATED_AT]->(n)
WHERE p.known <= $as_of
WITH c, n, reached, events, first, last, documents, count(DISTINCT p) AS problems
RETURN n.id AS node, n.zh AS zh, n.en AS en, n.conditional AS conditional, events, first, last,
       documents, problems,
       events = 0 AND NOT coalesce(n.conditional, false) AND coalesce(n.seq < reached, false) AS absent
ORDER BY c.source, n.seq, node
