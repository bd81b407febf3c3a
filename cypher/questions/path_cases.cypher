//: title: {zh: "审结案件是否走过一条节点路径", en: "Closed cases that passed nodes in a given order, and the others as controls"}
//: doc:
//:   zh: followed 为真的依次经过 nodes 各节点（其间可有其他节点），为假的是同类案件中的对照。
//:   en: "followed: the case passed the nodes in that order, others may lie between; the rest are controls"
//: params:
//:   nodes: {type: "list<string>", example: [PR11, PR13, PR22]}
//:   type: {type: string, example: PR}
//:   followed: {type: boolean, default: null, example: true}
//:   unit: {type: string, default: null, example: U01}
//:   since: {type: date, default: null, example: 2024-01-01}
//:   until: {type: date, default: null, example: 2024-06-30}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: date, default: null}
//: returns:
//:   case: "string"
//:   source: "string"
//:   unit: "string"
//:   closed: "date"
//:   outcome: "string"
//:   followed: "boolean"
//: budget: {rows: 1000000, ms: 10000}
MATCH (c:Case)
WHERE c.type = $type AND c.closed <= $as_of
  AND ($source IS NULL OR c.source = $source)
  AND ($since IS NULL OR c.closed >= $since)
  AND ($until IS NULL OR c.closed <= $until)
  AND ($unit IS NULL OR EXISTS { MATCH (c)-[:HANDLED_AT]->(w:Unit) WHERE w.id = $unit })
OPTIONAL MATCH (c)<-[:OF]-(e:Event)-[:AT]->(n:ProcessNode)
WHERE n.id IN $nodes AND e.occurred_on <= $as_of
WITH c, n, e ORDER BY e.occurred_on, e.occurred IS NOT NULL, e.occurred, e.key
WITH c, collect(n.id) AS path
WITH c, reduce(k = 0, x IN path | CASE WHEN k < size($nodes) AND x = $nodes[k] THEN k + 1 ELSE k END) = size($nodes) AS followed
WHERE $followed IS NULL OR followed = $followed
OPTIONAL MATCH (c)-[:HANDLED_AT]->(u:Unit)
RETURN c.id AS case, c.source AS source, u.id AS unit, c.closed AS closed, c.outcome AS outcome,
       followed
ORDER BY case, source
