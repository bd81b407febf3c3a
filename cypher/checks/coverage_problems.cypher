//: title: {zh: "各节点的问题：命中与确认", en: "Problems at each node of the rulebook, by status"}
//: params:
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   node: "string"
//:   status: "string"
//:   n: "integer"
//: budget: {rows: 10000, ms: 10000}
MATCH (n:ProcessNode)<-[:LOCATED_AT]-(p:Problem)
WHERE n.source = 'rulebook' AND p.known <= $as_of AND ($source IS NULL OR p.source = $source)
OPTIONAL MATCH (p)-[:DISPOSED_AS]->(s:Disposition) WHERE s.known <= $as_of
WITH n, p, s ORDER BY s.known, s.key
WITH n, p, collect(s.status) AS said
WITH n, CASE WHEN size(said) > 0 THEN said[size(said) - 1]
             WHEN p.closed_on IS NOT NULL AND coalesce(p.closed, $as_of) <= $as_of THEN 'CLOSED'
             ELSE 'HIT' END AS status
RETURN n.id AS node, status, count(*) AS n
ORDER BY node, status
